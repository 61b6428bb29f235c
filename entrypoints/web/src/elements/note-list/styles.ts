import { css } from 'lit';
import { buttons, fields, fileTile, reset, states } from '../../base/styles.js';

export const styles = [
  reset,
  buttons,
  fields,
  states,
  fileTile,
  css`
    :host {
      display: block;
    }
    .note {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--cm-space-2);
      padding-block: var(--cm-space-4);
      border-block-start: 1px solid var(--cm-border);
    }
    .note:first-child {
      padding-block-start: 0;
      border: 0;
    }
    .head {
      display: flex;
      align-items: center;
      gap: var(--cm-space-2);
      min-block-size: 2rem;
    }
    .head cm-menu::part(button) {
      inline-size: 2rem;
      min-block-size: 2rem;
    }
    .about {
      display: flex;
      flex: 1;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 0 var(--cm-space-2);
      min-inline-size: 0;
    }
    .who {
      font-weight: 600;
    }
    .when {
      color: var(--cm-text-2);
      font: var(--cm-text-sm);
    }
    .body {
      max-inline-size: 68ch;
      overflow-wrap: anywhere;
      white-space: pre-wrap;
    }
    .thumbs {
      display: flex;
      flex-wrap: wrap;
      gap: var(--cm-space-2);
    }
    .open {
      display: grid;
      place-items: center;
      inline-size: var(--cm-thumb-size, 72px);
      block-size: var(--cm-thumb-size, 72px);
      padding: 0;
      border: 1px solid var(--cm-border);
      border-radius: var(--cm-radius-1);
      background: var(--cm-sunken);
      color: var(--cm-text-2);
      overflow: hidden;
      cursor: pointer;
    }
    .open img {
      inline-size: 100%;
      block-size: 100%;
      object-fit: cover;
    }
    .editing {
      display: grid;
      gap: var(--cm-space-2);
    }
    .editing .row {
      display: flex;
      justify-content: end;
      gap: var(--cm-space-2);
    }
    .none {
      color: var(--cm-text-2);
    }
    .line {
      block-size: 1rem;
      margin-block: var(--cm-space-2);
    }
    .line.short {
      inline-size: 40%;
    }
    .more {
      margin-block-start: var(--cm-space-2);
    }
  `,
];
