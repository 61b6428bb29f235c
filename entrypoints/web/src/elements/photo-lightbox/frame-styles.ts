import { css } from 'lit';
import { buttons, reset, states } from '../../base/styles.js';

/** The stage is dark and neutral in both themes: colours of teeth are judged on it. */
export const frameStyles = [
  reset,
  buttons,
  states,
  css`
    :host {
      position: absolute;
      z-index: 2000;
      inset: 0;
      color: var(--cm-on-stage);
      color-scheme: dark;
      pointer-events: none;
    }
    .bar,
    .footer,
    aside,
    .arrow {
      pointer-events: auto;
    }
    .bar {
      position: absolute;
      inset: 0 0 auto;
      display: flex;
      align-items: center;
      padding: var(--cm-space-2) var(--cm-space-2) var(--cm-space-2) var(--cm-space-4);
      background: linear-gradient(rgb(0 0 0 / 0.6), transparent);
    }
    .place {
      color: var(--cm-on-stage-2);
      font: var(--cm-text-sm);
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }
    .acts {
      display: flex;
      flex: 1;
      justify-content: flex-end;
    }
    .bar .button {
      color: var(--cm-on-stage);
    }
    .bar .button:hover,
    .bar .button[aria-pressed='true'] {
      background: rgb(255 255 255 / 0.16);
    }
    .close {
      margin-inline-start: var(--cm-space-2);
    }
    .close[data-tip]::after,
    .bar .acts .button:last-child[data-tip]::after {
      inset-inline-end: 0;
    }
    .arrow {
      position: absolute;
      inset-block-start: calc(50% - 1.5rem);
      display: grid;
      place-items: center;
      inline-size: 3rem;
      block-size: 3rem;
      padding: 0;
      border: 0;
      border-radius: 50%;
      background: rgb(0 0 0 / 0.5);
      color: var(--cm-on-stage);
      font-size: 1.25rem;
      cursor: pointer;
    }
    .arrow:hover {
      background: rgb(0 0 0 / 0.8);
    }
    .arrow[disabled] {
      display: none;
    }
    .previous {
      inset-inline-start: var(--cm-space-4);
    }
    .next {
      inset-inline-end: var(--cm-space-4);
    }
    :focus-visible {
      outline-color: #fff;
      box-shadow: 0 0 0 4px rgb(0 0 0 / 0.8);
    }

    .footer {
      position: absolute;
      inset: auto 0 0;
      padding: var(--cm-space-8) var(--cm-space-4) calc(var(--cm-space-3) + env(safe-area-inset-bottom));
      background: linear-gradient(transparent, rgb(0 0 0 / 0.72) 2rem);
      pointer-events: none;
    }
    h2 {
      font: var(--cm-text-lg);
      font-weight: 600;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .words {
      color: var(--cm-on-stage-2);
    }
    .tags {
      display: flex;
      flex-wrap: wrap;
      gap: var(--cm-space-1);
      padding-block-start: var(--cm-space-1);
    }
    .tags li {
      padding: 0 var(--cm-space-2);
      border-radius: 999px;
      background: rgb(255 255 255 / 0.16);
      font: var(--cm-text-xs);
      line-height: 1.25rem;
    }
    .pictureless {
      position: absolute;
      inset: 45% var(--cm-space-4) auto;
      text-align: center;
    }

    aside {
      position: absolute;
      inset: 3.75rem var(--cm-space-3) var(--cm-space-3) auto;
      inline-size: 21rem;
      padding: var(--cm-space-3) var(--cm-space-4) var(--cm-space-4);
      border: 1px solid var(--cm-border);
      border-radius: var(--cm-radius-3);
      background: var(--cm-surface);
      color: var(--cm-text);
      overflow: auto;
      overscroll-behavior: contain;
      animation: slide var(--cm-slow) var(--cm-ease);
    }
    .side-head {
      display: flex;
      align-items: center;
      justify-content: space-between;
      margin-inline-end: calc(-1 * var(--cm-space-2));
      padding-block-end: var(--cm-space-2);
    }
    h3 {
      font: var(--cm-text-lg);
      font-weight: 600;
    }
    dl {
      display: grid;
      gap: var(--cm-space-3);
      padding-block-end: var(--cm-space-3);
    }
    dt {
      color: var(--cm-text-3);
      font: var(--cm-text-xs);
    }
    dd {
      overflow-wrap: anywhere;
    }
    @keyframes slide {
      from {
        opacity: 0;
        transform: translateX(12px);
      }
    }

    :host([bare]) .bar,
    :host([bare]) .footer,
    :host([bare]) .arrow {
      opacity: 0;
      pointer-events: none;
      transition: opacity var(--cm-slow);
    }
    :host([bare]) .bar:focus-within,
    :host([bare]) .arrow:focus-visible {
      opacity: 1;
    }
    @media (min-width: 48rem) {
      :host(:not([panel='none'])) .footer,
      :host(:not([panel='none'])) .next {
        inset-inline-end: 22.5rem;
      }
    }
    @media (width < 48rem) {
      :host(:not([panel='none'])) .footer {
        display: none;
      }
      .arrow,
      .wide {
        display: none;
      }
      aside {
        inset: auto 0 0;
        inline-size: auto;
        max-block-size: 62dvh;
        padding-block-end: calc(var(--cm-space-4) + env(safe-area-inset-bottom));
        border-inline: 0;
        border-block-end: 0;
        border-end-start-radius: 0;
        border-end-end-radius: 0;
      }
    }
    @media (max-width: 26rem) {
      .bar {
        padding-inline-start: var(--cm-space-2);
      }
      .bar .button.square {
        inline-size: 2.5rem;
      }
      .close {
        margin-inline-start: 0;
      }
    }
  `,
];
