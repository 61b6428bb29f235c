import { css } from 'lit';
import { buttons, reset, states } from '../../base/styles.js';

export const styles = [
  reset,
  buttons,
  states,
  css`
    :host {
      display: contents;
    }
    cm-dialog::part(dialog) {
      inline-size: min(72rem, 100vw);
      block-size: min(56rem, calc(100dvh - 2rem));
      border-radius: var(--cm-radius-3);
    }
    cm-dialog::part(heading) {
      min-inline-size: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    cm-dialog::part(body) {
      display: flex;
      overflow: hidden;
    }
    .tools,
    .zoom,
    .others {
      display: flex;
      align-items: center;
      gap: var(--cm-space-1);
    }
    .zoom,
    .others {
      padding-inline-end: var(--cm-space-2);
      margin-inline-end: var(--cm-space-1);
      border-inline-end: 1px solid var(--cm-border);
    }
    .place {
      color: var(--cm-text-2);
      font: var(--cm-text-sm);
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }
    .frame {
      position: relative;
      display: flex;
      flex: 1;
      flex-direction: column;
      min-inline-size: 0;
    }
    .stage {
      flex: 1;
      inline-size: 100%;
      min-block-size: 0;
      border: 0;
      background: var(--cm-stage);
    }
    .plain {
      display: grid;
      place-content: center;
      background: var(--cm-sunken);
    }
    .picture {
      position: relative;
      display: grid;
      place-items: center;
      color: var(--cm-on-stage);
      overflow: hidden;
      touch-action: none;
    }
    .picture.larger {
      cursor: grab;
    }
    .picture img {
      position: absolute;
      inset: 0;
      inline-size: 100%;
      block-size: 100%;
      object-fit: contain;
      user-select: none;
    }
    .picture .coming {
      opacity: 0;
    }
    .text {
      padding: var(--cm-space-4) var(--cm-space-6);
      background: var(--cm-surface);
      overflow: auto;
    }
    .text:focus-visible {
      outline-offset: -2px;
      box-shadow: none;
    }
    pre {
      margin: 0;
      font:
        0.8125rem/1.5 ui-monospace,
        monospace;
      overflow-wrap: anywhere;
      white-space: pre-wrap;
    }
    .text .notice {
      margin-block-end: var(--cm-space-3);
    }
    .loading {
      display: flex;
      align-items: center;
      gap: var(--cm-space-3);
    }
    .spinner {
      inline-size: 1.25rem;
      block-size: 1.25rem;
      border: 2px solid currentColor;
      border-block-start-color: transparent;
      border-radius: 50%;
      animation: turn 0.9s linear infinite;
    }
    @keyframes turn {
      to {
        transform: rotate(1turn);
      }
    }
    .caption {
      display: flex;
      flex-wrap: wrap;
      gap: 0 var(--cm-space-3);
      max-block-size: 6rem;
      padding: var(--cm-space-2) var(--cm-space-6);
      border-block-start: 1px solid var(--cm-border);
      overflow: auto;
    }
    .note {
      color: var(--cm-text-2);
      font: var(--cm-text-sm);
    }
    @media (max-width: 72rem) {
      cm-dialog::part(dialog) {
        inline-size: 100vw;
        block-size: 100dvh;
        border-radius: 0;
      }
    }
    @media (max-width: 30rem) {
      .zoom,
      .place {
        display: none;
      }
      .tools,
      .others {
        gap: 0;
      }
      .others {
        padding: 0;
        margin: 0;
        border: 0;
      }
      cm-dialog::part(header) {
        gap: 0;
        padding-inline-end: var(--cm-space-1);
      }
      .caption {
        padding-inline: var(--cm-space-4);
      }
    }
  `,
];
