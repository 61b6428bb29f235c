import { css } from 'lit';
import { buttons, reset, states } from '../../base/styles.js';

export const styles = [
  reset,
  buttons,
  states,
  css`
    :host {
      display: block;
    }
    section {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--cm-space-3);
    }
    .skeleton {
      block-size: 3.5rem;
      margin-block-end: var(--cm-space-2);
    }
    .notice {
      flex-wrap: nowrap;
    }
    .foot {
      min-block-size: 1.25rem;
      color: var(--cm-text-2);
      font-weight: 500;
      text-align: end;
    }
  `,
];
