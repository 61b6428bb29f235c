import { css } from 'lit';
import { buttons, fields, reset, states } from '../../base/styles.js';

/** Rows of files, in the dialog and in the tray. */
export const rowStyles = css`
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--cm-space-1);
    padding-block: var(--cm-space-2);
    border-block-start: 1px solid var(--cm-border);
  }
  .row:first-child {
    border: 0;
  }
  .preview {
    position: relative;
    display: grid;
    flex: none;
    place-items: center;
    inline-size: 3.5rem;
    block-size: 3.5rem;
    margin-inline-end: var(--cm-space-2);
    border-radius: var(--cm-radius-1);
    background: var(--cm-sunken);
    color: var(--cm-text-3);
    overflow: hidden;
  }
  .preview img {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .about {
    display: grid;
    flex: 1;
    gap: 2px;
    min-inline-size: 0;
  }
  .name {
    overflow: hidden;
    font-weight: 500;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .details {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 var(--cm-space-1);
    color: var(--cm-text-2);
    font: var(--cm-text-sm);
  }
  .details .icon {
    font-size: 0.8125rem;
  }
  .details.fault {
    flex-wrap: nowrap;
    align-items: start;
    color: var(--cm-danger);
  }
  .details.fault .icon {
    margin-block-start: 1px;
  }
  .details.fine {
    color: var(--cm-success);
  }
  progress {
    appearance: none;
    display: block;
    inline-size: 100%;
    block-size: 6px;
    border: 0;
    border-radius: 3px;
    background: var(--cm-sunken);
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--cm-sunken);
  }
  progress::-webkit-progress-value {
    background: var(--cm-accent);
    transition: inline-size var(--cm-slow) linear;
  }
  progress::-moz-progress-bar {
    background: var(--cm-accent);
  }
`;

export const styles = [
  reset,
  buttons,
  fields,
  states,
  rowStyles,
  css`
    :host {
      display: contents;
    }
    form {
      display: grid;
      grid-template-columns: minmax(0, 1fr) 17rem;
      gap: var(--cm-space-8);
      border-radius: var(--cm-radius-2);
    }
    form:not(:has(.all)) {
      grid-template-columns: minmax(0, 1fr);
    }
    form.over {
      outline: 2px dashed var(--cm-accent);
      outline-offset: 8px;
    }
    .all {
      order: 2;
    }
    legend {
      padding-block-end: var(--cm-space-3);
      font-weight: 600;
    }
    .row cm-photo-words {
      flex-basis: 100%;
      padding: var(--cm-space-3);
      border-radius: var(--cm-radius-2);
      background: var(--cm-sunken);
    }
    .pickers {
      padding-block-start: var(--cm-space-3);
    }
    .pickers.large {
      display: grid;
      place-items: center;
      align-content: center;
      gap: var(--cm-space-3);
      min-block-size: 18rem;
      padding: var(--cm-space-6) var(--cm-space-4);
      border: 2px dashed var(--cm-border);
      border-radius: var(--cm-radius-3);
      text-align: center;
    }
    .over .pickers.large {
      border-color: transparent;
      background: var(--cm-selected);
    }
    .pickers.large > .icon {
      inline-size: 2.5rem;
      block-size: 2.5rem;
      color: var(--cm-text-3);
    }
    .hint {
      font: var(--cm-text-lg);
    }
    .formats {
      color: var(--cm-text-3);
      font: var(--cm-text-sm);
    }
    .buttons {
      display: flex;
      flex-wrap: wrap;
      justify-content: inherit;
      gap: var(--cm-space-2);
    }
    .large .buttons {
      justify-content: center;
    }
    label.button:has(:focus-visible) {
      outline: 2px solid var(--cm-accent);
      outline-offset: 2px;
    }
    .camera {
      display: none;
    }
    @media (pointer: coarse) {
      .camera {
        display: inline-flex;
      }
    }
    .lacking {
      flex: 1;
      align-self: center;
      color: var(--cm-danger);
      font: var(--cm-text-sm);
    }
    @media (max-width: 48rem) {
      form {
        grid-template-columns: minmax(0, 1fr);
        gap: var(--cm-space-4);
      }
      .all {
        order: 0;
      }
      .lacking:not(:empty) {
        flex-basis: 100%;
      }
    }
  `,
];
