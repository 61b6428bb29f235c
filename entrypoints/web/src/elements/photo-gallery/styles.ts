import { css } from 'lit';
import { bubble, buttons, fields, reset, search, states } from '../../base/styles.js';

export const styles = [
  reset,
  buttons,
  fields,
  states,
  search,
  bubble,
  css`
    :host {
      display: block;
      --gap: var(--cm-gallery-gap, 8px);
    }
    /* The bar and the dialogs stand outside: a container is what fixed boxes in it are fixed to. */
    .frame {
      position: relative;
      container-type: inline-size;
      min-block-size: 20rem;
    }
    .head {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      align-items: center;
      gap: var(--cm-space-3);
      padding-block-end: var(--cm-space-4);
    }
    .chips,
    .panel {
      grid-column: 1 / -1;
    }

    .rail {
      display: flex;
      gap: var(--cm-space-1);
      padding: 4px;
      margin: -4px;
      overflow-x: auto;
      scrollbar-width: none;
    }
    .rail button {
      display: inline-flex;
      flex: none;
      align-items: center;
      gap: var(--cm-space-2);
      min-block-size: var(--cm-size);
      padding: 0 var(--cm-space-3);
      border: 0;
      border-radius: var(--cm-radius-1);
      background: none;
      color: var(--cm-text-2);
      font: var(--cm-text-md);
      font-weight: 500;
      cursor: pointer;
    }
    .rail button:hover {
      background: var(--cm-hover);
      color: var(--cm-text);
    }
    .rail button[aria-pressed='true'] {
      background: var(--cm-selected);
      color: var(--cm-text);
    }
    .rail .count {
      min-inline-size: 1ch;
      color: var(--cm-text-2);
      font: var(--cm-text-xs);
      font-variant-numeric: tabular-nums;
    }

    .tools {
      display: flex;
      gap: var(--cm-space-2);
    }
    .search {
      inline-size: 12rem;
      min-inline-size: 6rem;
    }
    .chips {
      display: flex;
      gap: var(--cm-space-2);
      padding: 4px;
      margin: -4px;
      overflow-x: auto;
      scrollbar-width: none;
    }
    .chips .chip {
      flex: none;
    }
    .panel {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
      align-items: end;
      gap: var(--cm-space-3);
      padding: var(--cm-space-4);
      border-radius: var(--cm-radius-2);
      background: var(--cm-sunken);
    }
    .panel > .button {
      justify-self: end;
    }
    @container (max-width: 60rem) {
      .head {
        grid-template-columns: minmax(0, 1fr);
      }
      .search {
        flex: 1;
        inline-size: auto;
      }
    }
    @container (max-width: 30rem) {
      .head {
        gap: var(--cm-space-2);
        padding-block-end: var(--cm-space-3);
      }
      .filters {
        inline-size: var(--cm-size);
        padding: 0;
      }
      .filters .word {
        position: absolute;
        inline-size: 1px;
        block-size: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      .filters {
        position: relative;
      }
      .filters .bubble {
        position: absolute;
        inset: -6px -6px auto auto;
      }
      .panel {
        grid-template-columns: repeat(2, minmax(0, 1fr));
        padding: var(--cm-space-3);
      }
      .panel > .button {
        grid-column: 1 / -1;
      }
    }

    @container (max-width: 21rem) {
      .upload .word {
        position: absolute;
        inline-size: 1px;
        block-size: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
    }

    .grid {
      display: grid;
      gap: var(--gap);
    }
    .grid.stale {
      opacity: 0.5;
    }
    .grid.padded {
      padding-block-end: 6rem;
    }
    .piece {
      --cell: calc((100cqi - var(--gap) * (var(--columns, 2) - 1)) / var(--columns, 2));
      display: grid;
      grid-template-columns: repeat(var(--columns, 2), minmax(0, 1fr));
      grid-auto-rows: var(--cell);
      align-content: start;
      gap: var(--gap);
    }
    .piece[data-piece] {
      block-size: calc(var(--rows) * var(--cell) + (var(--rows) - 1) * var(--gap));
      contain: layout style;
    }
    .cell {
      aspect-ratio: 1;
    }
    .end {
      min-block-size: 1px;
      margin-block-start: var(--gap);
    }
    .notice {
      margin-block-end: var(--cm-space-4);
    }

    .bar {
      position: fixed;
      z-index: 20;
      inset: auto 0 calc(var(--cm-space-4) + env(safe-area-inset-bottom));
      display: flex;
      align-items: center;
      gap: var(--cm-space-2);
      inline-size: fit-content;
      max-inline-size: calc(100vw - 2rem);
      margin: 0 auto;
      padding: var(--cm-space-1) var(--cm-space-2);
      border: 1px solid var(--cm-border);
      border-radius: var(--cm-radius-3);
      background: var(--cm-surface);
      box-shadow: var(--cm-shadow-2);
      animation: rise var(--cm-slow) var(--cm-ease);
    }
    .bar .chosen {
      font-weight: 600;
      white-space: nowrap;
    }
    .bar .wider {
      color: var(--cm-text-2);
      white-space: nowrap;
    }
    .acts {
      display: flex;
      padding-inline-start: var(--cm-space-2);
      border-inline-start: 1px solid var(--cm-border);
    }
    @media (max-width: 60rem) {
      .bar {
        flex-wrap: wrap;
        justify-content: flex-start;
      }
      .bar .word {
        display: none;
      }
      .acts .button {
        inline-size: var(--cm-size);
        padding: 0;
      }
    }
    @media (max-width: 40rem) {
      .bar {
        inline-size: auto;
        max-inline-size: none;
        margin: 0 var(--cm-space-2);
      }
      .acts {
        flex: 1;
        justify-content: space-between;
        padding: 0;
        border: 0;
      }
      .bar .wider {
        margin-inline-start: auto;
        padding-inline-end: var(--cm-space-2);
      }
      .acts {
        flex-basis: 100%;
      }
    }

    .drop {
      position: absolute;
      z-index: 10;
      inset: -4px;
      border: 2px dashed var(--cm-accent);
      border-radius: var(--cm-radius-3);
      background: color-mix(in srgb, var(--cm-selected) 88%, transparent);
      pointer-events: none;
    }
    .drop p {
      position: sticky;
      inset-block: 40vh;
      display: flex;
      align-items: center;
      justify-content: center;
      gap: var(--cm-space-3);
      padding: var(--cm-space-8);
      font: var(--cm-text-xl);
      text-align: center;
    }
    .keys {
      display: grid;
      grid-template-columns: auto 1fr;
      gap: var(--cm-space-2) var(--cm-space-4);
      align-items: center;
    }
    .keys dt {
      display: flex;
      gap: var(--cm-space-1);
    }
    kbd {
      padding: 0 var(--cm-space-2);
      border: 1px solid var(--cm-border);
      border-block-end-width: 2px;
      border-radius: var(--cm-radius-1);
      background: var(--cm-sunken);
      font: var(--cm-text-sm);
    }
    @keyframes rise {
      from {
        opacity: 0;
        transform: translateY(12px);
      }
    }
  `,
];
