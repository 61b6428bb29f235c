import { css } from 'lit';
import { buttons, fields, reset, states } from '../../base/styles.js';
import { rowStyles } from '../photo-upload/styles.js';

export const styles = [
  reset,
  buttons,
  fields,
  states,
  rowStyles,
  css`
    :host {
      display: block;
      container-type: inline-size;
    }
    .zone {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: center;
      gap: var(--cm-space-2) var(--cm-space-3);
      padding: var(--cm-space-6) var(--cm-space-4);
      border: 2px dashed var(--cm-border);
      border-radius: var(--cm-radius-3);
      transition:
        background-color var(--cm-fast) var(--cm-ease),
        border-color var(--cm-fast) var(--cm-ease);
    }
    .zone.some {
      padding-block: var(--cm-space-3);
    }
    .zone.over {
      border-color: var(--cm-accent);
      background: var(--cm-selected);
    }
    .hint {
      display: flex;
      align-items: center;
      gap: var(--cm-space-2);
      color: var(--cm-text-2);
    }
    .hint .icon {
      color: var(--cm-text-3);
    }
    .formats {
      flex-basis: 100%;
      color: var(--cm-text-2);
      font: var(--cm-text-sm);
      text-align: center;
      text-wrap: balance;
    }
    .over .formats {
      color: var(--cm-text);
      font-weight: 600;
    }
    label.button:has(:focus-visible) {
      outline: 2px solid var(--cm-accent);
      outline-offset: 2px;
      box-shadow: 0 0 0 2px var(--cm-surface);
    }
    ul {
      padding-block-start: var(--cm-space-2);
    }
    .preview {
      inline-size: 2.5rem;
      block-size: 2.5rem;
    }
    .words {
      display: grid;
      flex-basis: 100%;
      grid-template-columns: minmax(0, 1fr) minmax(10rem, 14rem);
      gap: var(--cm-space-2);
      padding-inline-start: calc(2.5rem + var(--cm-space-3));
      padding-block-end: var(--cm-space-1);
    }
    .words input:only-child {
      grid-column: 1 / -1;
    }
    .go {
      display: flex;
      justify-content: end;
      padding-block-start: var(--cm-space-2);
    }
    @container (max-width: 34rem) {
      .zone {
        padding: var(--cm-space-4) var(--cm-space-3);
      }
      .hint {
        display: none;
      }
      .words {
        grid-template-columns: minmax(0, 1fr);
        padding-inline-start: 0;
      }
      .go .button {
        flex: 1;
      }
    }
  `,
];
