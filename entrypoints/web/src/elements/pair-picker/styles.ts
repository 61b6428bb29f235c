import { css } from 'lit';
import { buttons, fields, reset, states } from '../../base/styles.js';

export const styles = [
  reset,
  buttons,
  fields,
  states,
  css`
    :host {
      display: contents;
    }
    .tools {
      display: grid;
      grid-template-columns: 1fr auto;
      gap: var(--cm-space-2);
      padding-block-end: var(--cm-space-4);
    }
    .photos {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr));
      gap: var(--cm-space-3);
      max-block-size: 55dvh;
      padding: 4px;
      margin: -4px;
      overflow: auto;
    }
    .photos.stale {
      opacity: 0.5;
    }
    .option {
      display: grid;
      align-content: start;
      gap: 2px;
      padding: var(--cm-space-1);
      border-radius: var(--cm-radius-2);
      cursor: pointer;
    }
    .option:hover {
      background: var(--cm-hover);
    }
    .option input {
      position: absolute;
      opacity: 0;
      pointer-events: none;
    }
    .option img,
    .skeleton {
      inline-size: 100%;
      aspect-ratio: 1;
      border-radius: var(--cm-radius-1);
      background: var(--cm-sunken);
      object-fit: cover;
    }
    .option:has(:checked) {
      background: var(--cm-selected);
      box-shadow: inset 0 0 0 2px var(--cm-accent);
    }
    .option:has(:focus-visible) {
      outline: 2px solid var(--cm-accent);
      outline-offset: 2px;
    }
    .title,
    .details {
      overflow: hidden;
      font: var(--cm-text-sm);
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .details {
      color: var(--cm-text-2);
      font: var(--cm-text-xs);
    }
    .end {
      grid-column: 1 / -1;
      block-size: 1px;
    }
    .foot {
      align-items: center;
    }
    .sides {
      display: flex;
      flex: 1;
      align-items: center;
      gap: var(--cm-space-2);
      min-inline-size: fit-content;
    }
    .side {
      display: flex;
      align-items: center;
      gap: var(--cm-space-2);
      font: var(--cm-text-sm);
    }
    .side > span {
      display: grid;
    }
    .side img {
      inline-size: 3rem;
      block-size: 3rem;
      border-radius: var(--cm-radius-1);
      object-fit: cover;
    }
    .notice {
      flex-basis: 100%;
    }
    @media (max-width: 40rem) {
      .sides {
        flex-basis: 100%;
        justify-content: space-between;
      }
    }
  `,
];
