import { css } from 'lit';
import { buttons, fields, fileTile, reset, states, tileProgress } from '../../base/styles.js';

export const styles = [
  reset,
  buttons,
  fields,
  states,
  fileTile,
  tileProgress,
  css`
    :host {
      display: block;
      container-type: inline-size;
    }
    form {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--cm-space-3);
      border-radius: var(--cm-radius-2);
    }
    form.over {
      outline: 2px dashed var(--cm-accent);
      outline-offset: 4px;
      background: var(--cm-selected);
    }
    textarea {
      min-block-size: 5.25rem;
      max-block-size: 40dvh;
      field-sizing: content;
    }
    .tooth {
      max-inline-size: 12rem;
    }
    .attached {
      display: flex;
      flex-wrap: wrap;
      gap: var(--cm-space-2);
    }
    .tile {
      position: relative;
      display: grid;
      place-items: center;
      inline-size: 72px;
      block-size: 72px;
      border: 1px solid var(--cm-border);
      border-radius: var(--cm-radius-1);
      background: var(--cm-sunken);
      color: var(--cm-text-2);
      overflow: hidden;
    }
    .tile img {
      position: absolute;
      inset: 0;
      inline-size: 100%;
      block-size: 100%;
      object-fit: cover;
    }
    .tile.sending img {
      opacity: 0.55;
    }
    .tile.stopped {
      border-color: var(--cm-danger);
      color: var(--cm-danger);
    }
    .remove {
      position: absolute;
      inset: 2px 2px auto auto;
      display: grid;
      place-items: center;
      inline-size: 1.75rem;
      block-size: 1.75rem;
      padding: 0;
      border: 0;
      border-radius: var(--cm-radius-1);
      background: rgb(0 0 0 / 0.72);
      color: #fff;
      font-size: 0.75rem;
      cursor: pointer;
    }
    .notice {
      padding: var(--cm-space-2) var(--cm-space-3);
      font: var(--cm-text-sm);
    }
    .foot {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--cm-space-2);
    }
    .foot .space {
      flex: 1;
    }
    .foot .attach {
      margin-inline-start: calc(-1 * var(--cm-space-3));
      padding-inline: var(--cm-space-3);
    }
    @container (max-width: 22rem) {
      .foot {
        justify-content: end;
      }
      .foot .space {
        display: none;
      }
      .foot .attach {
        flex: 1 0 100%;
        justify-content: start;
      }
    }
  `,
];
