import { css } from 'lit';
import { buttons, fields, reset, search, states } from '../src/base/styles.js';

/** A choice among few, shown side by side. */
export const segments = css`
  .segments {
    display: inline-flex;
    gap: 2px;
    padding: 2px;
    border-radius: var(--cm-radius-2);
    background: var(--cm-sunken);
  }
  .segments :is(a, button) {
    display: grid;
    place-items: center;
    border-radius: var(--cm-radius-1);
    color: var(--cm-text-2);
  }
  .segments :is(a, button):hover {
    color: var(--cm-text);
  }
  .segments :is([aria-pressed='true'], [aria-current]) {
    background: var(--cm-surface);
    color: var(--cm-text);
    box-shadow: var(--cm-shadow-1);
  }
`;

/** What the pages of the app have in common. */
export const page = [
  reset,
  buttons,
  fields,
  states,
  search,
  css`
    :host {
      display: block;
    }
    .page {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--cm-space-6);
    }
    .top {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--cm-space-3) var(--cm-space-4);
      min-block-size: var(--cm-size);
    }
    h1 {
      flex: 1 1 auto;
      font: var(--cm-text-2xl);
      text-wrap: balance;
    }
    h1:focus-visible {
      outline: none;
      box-shadow: none;
    }
    h2 {
      font: var(--cm-text-lg);
      font-weight: 600;
    }
    h3 {
      font: var(--cm-text-md);
      font-weight: 600;
    }
    .quiet-text {
      color: var(--cm-text-2);
      font: var(--cm-text-sm);
    }
    .card {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--cm-space-4);
      align-content: start;
      padding: var(--cm-space-6);
      border: 1px solid var(--cm-border);
      border-radius: var(--cm-radius-3);
      background: var(--cm-surface);
    }
    .card > header {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: var(--cm-space-2) var(--cm-space-4);
    }
    .search {
      flex: 1 1 16rem;
      max-inline-size: 24rem;
    }
    .badge {
      display: inline-flex;
      align-items: center;
      min-block-size: 1.5rem;
      padding: 0 var(--cm-space-2);
      border-radius: 999px;
      background: var(--cm-sunken);
      color: var(--cm-text-2);
      font: var(--cm-text-xs);
      font-weight: 500;
      white-space: nowrap;
    }
    .badge.warning {
      background: var(--cm-warning-soft);
      color: var(--cm-warning);
    }
    .badge.success {
      background: var(--cm-success-soft);
      color: var(--cm-success);
    }
    .badge.info {
      background: var(--cm-info-soft);
      color: var(--cm-info);
    }
    .badge.danger {
      background: var(--cm-danger-soft);
      color: var(--cm-danger);
    }
    .bones {
      display: grid;
      gap: var(--cm-space-3);
    }
    .bone {
      block-size: 4rem;
      border-radius: var(--cm-radius-2);
    }
    .more {
      justify-self: center;
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      gap: var(--cm-space-2);
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
      text-decoration: none;
    }
    .avatar {
      display: grid;
      flex: none;
      place-items: center;
      inline-size: 2.5rem;
      block-size: 2.5rem;
      border-radius: 50%;
      background: var(--cm-selected);
      color: var(--cm-accent);
      font: var(--cm-text-sm);
      font-weight: 600;
    }
    @media (max-width: 40rem) {
      .page {
        gap: var(--cm-space-4);
      }
      .card {
        padding: var(--cm-space-4);
      }
      h1 {
        font: var(--cm-text-xl);
      }
      .search {
        flex-basis: 100%;
        max-inline-size: none;
      }
    }
  `,
];
