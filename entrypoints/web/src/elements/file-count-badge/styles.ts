import { css } from 'lit';
import { reset, states } from '../../base/styles.js';

export const styles = [
  reset,
  states,
  css`
    :host {
      display: inline-flex;
      vertical-align: middle;
      font-size: 0.8125rem;
    }
    :host([size='xs']) {
      font-size: 0.6875rem;
    }
    :host([size='md']) {
      font-size: 0.875rem;
    }
    :host([size='lg']) {
      font-size: 1rem;
    }
    .badge {
      position: relative;
      display: inline-flex;
      align-items: center;
      gap: 0.35em;
      min-block-size: 1.9em;
      padding: 0 0.7em 0 0.55em;
      border: 1px solid transparent;
      border-radius: 999px;
      background: var(--cm-selected);
      color: var(--cm-text);
      font-family: var(--cm-font);
      font-size: inherit;
      font-weight: 500;
      font-variant-numeric: tabular-nums;
      line-height: 1;
      white-space: nowrap;
    }
    .icon {
      inline-size: 1.15em;
      block-size: 1.15em;
      color: var(--cm-accent);
    }
    .number {
      min-inline-size: 1ch;
    }
    .zero {
      background: var(--cm-sunken);
      color: var(--cm-text-2);
    }
    .zero .icon,
    .waiting .icon {
      color: var(--cm-text-3);
    }
    .waiting {
      background: var(--cm-sunken);
    }
    .waiting .skeleton {
      inline-size: 1ch;
      block-size: 0.9em;
      background: var(--cm-border);
    }
    button.badge {
      cursor: pointer;
    }
    /* The target is larger than what is seen. */
    button.badge::after {
      position: absolute;
      inset: -0.5rem -0.25rem;
      content: '';
    }
    button.badge:hover {
      border-color: var(--cm-accent);
    }

    :host([variant='text']) .badge {
      padding: 0;
      border: 0;
      background: none;
      color: var(--cm-text-2);
      font-weight: 400;
    }
    :host([variant='text']) button.badge:hover {
      color: var(--cm-text);
      text-decoration: underline;
      text-underline-offset: 2px;
    }
    :host([variant='text']) .waiting .skeleton {
      inline-size: 7ch;
    }

    :host([variant='icon']) .badge {
      padding: 0 0.35em;
      background: none;
    }
    :host([variant='icon']) .icon {
      inline-size: 1.5em;
      block-size: 1.5em;
    }
    :host([variant='icon']) .number:not(:empty) {
      min-inline-size: 1.5em;
      margin: -0.9em 0 0 -0.9em;
      padding: 0.15em 0.3em;
      border-radius: 999px;
      background: var(--cm-accent);
      color: var(--cm-on-accent);
      font-size: 0.75em;
      text-align: center;
    }
  `,
];
