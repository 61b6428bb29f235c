import { css } from 'lit';
import { bubble, buttons, fields, reset, search, states } from '../../base/styles.js';

/** Search, filters and the order; also over a patient's documents. */
export const toolStyles = [
  search,
  bubble,
  css`
    .tools {
      display: flex;
      align-items: center;
      gap: var(--cm-space-2);
      min-block-size: var(--cm-size);
      margin-block-end: var(--cm-space-2);
    }
    .search {
      flex: 1;
      max-inline-size: 20rem;
      min-inline-size: 6rem;
    }
    .panel {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
      align-items: end;
      gap: var(--cm-space-3);
      margin-block-end: var(--cm-space-3);
      padding: var(--cm-space-4);
      border-radius: var(--cm-radius-2);
      background: var(--cm-sunken);
    }
    .panel > .button {
      justify-self: start;
    }
  `,
];

export const styles = [
  reset,
  buttons,
  fields,
  states,
  toolStyles,
  css`
    :host {
      display: block;
      --row: 4rem;
    }
    .frame {
      container-type: inline-size;
    }
    .order {
      display: none;
      gap: var(--cm-space-1);
    }
    .bar {
      padding-inline: var(--cm-space-1);
      border-radius: var(--cm-radius-1);
      background: var(--cm-selected);
    }
    .chosen {
      display: flex;
      flex: 1;
      flex-wrap: wrap;
      gap: 0 var(--cm-space-3);
      font-weight: 500;
    }
    .acts {
      display: flex;
    }
    .check {
      display: grid;
      flex: none;
      place-items: center;
      inline-size: 2.5rem;
      block-size: 2.5rem;
      cursor: pointer;
    }
    .check input {
      inline-size: 1.125rem;
      block-size: 1.125rem;
      margin: 0;
      cursor: inherit;
    }

    .columns,
    .row {
      display: grid;
      grid-template-columns: 2.5rem 3rem minmax(0, 1fr) 9rem 4.5rem 5rem 7rem 5.25rem;
      align-items: center;
      column-gap: var(--cm-space-2);
    }
    .columns {
      border-block-end: 1px solid var(--cm-border);
    }
    .column-names {
      display: contents;
    }
    .column {
      display: flex;
      align-items: center;
      gap: var(--cm-space-1);
      min-block-size: 2.25rem;
      padding: 0;
      border: 0;
      background: none;
      color: var(--cm-text-2);
      font: var(--cm-text-sm);
      font-weight: 500;
      cursor: pointer;
    }
    .column.name {
      grid-column: 2 / 4;
    }
    .column.size,
    .column.date {
      justify-content: end;
    }
    .column:hover,
    .column[aria-pressed='true'] {
      color: var(--cm-text);
    }
    .column .icon {
      inline-size: 1rem;
      block-size: 1rem;
    }

    .piece {
      block-size: calc(var(--rows) * var(--row));
    }
    .row {
      position: relative;
      block-size: var(--row);
      border-block-end: 1px solid var(--cm-border);
    }
    .row:hover {
      background: var(--cm-hover);
    }
    .row.chosen {
      background: var(--cm-selected);
    }
    .picture {
      position: relative;
      display: grid;
      place-items: center;
      inline-size: 2.75rem;
      block-size: 2.75rem;
      border-radius: var(--cm-radius-1);
      background: var(--cm-sunken);
      color: var(--cm-text-2);
      overflow: hidden;
    }
    /* A page is as white as what is around it. */
    .picture::after {
      position: absolute;
      inset: 0;
      border: 1px solid rgb(0 0 0 / 0.1);
      border-radius: inherit;
      content: '';
    }
    .picture.pdf {
      background: var(--cm-danger-soft);
      color: var(--cm-danger);
    }
    .picture.text {
      background: var(--cm-info-soft);
      color: var(--cm-info);
    }
    .picture.data {
      background: var(--cm-success-soft);
      color: var(--cm-success);
    }
    .picture img {
      position: absolute;
      inset: 0;
      inline-size: 100%;
      block-size: 100%;
      background: var(--cm-sunken);
      object-fit: cover;
    }
    .about {
      display: grid;
      justify-items: start;
      min-inline-size: 0;
    }
    .about > * {
      max-inline-size: 100%;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .name {
      padding: 0;
      border: 0;
      border-radius: 2px;
      background: none;
      color: var(--cm-text);
      font: var(--cm-text-md);
      font-weight: 500;
      text-align: start;
    }
    button.name {
      cursor: pointer;
    }
    button.name:hover {
      color: var(--cm-accent);
      text-decoration: underline;
      text-underline-offset: 2px;
    }
    .description,
    .details,
    .fact {
      color: var(--cm-text-2);
      font: var(--cm-text-sm);
    }
    .description:empty {
      display: none;
    }
    .row:not(.marked) .details,
    .filed,
    .wider {
      display: none;
    }
    .fact {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .number {
      font-variant-numeric: tabular-nums;
      text-align: end;
    }
    .actions {
      display: flex;
      justify-content: end;
    }
    .marked .name {
      color: var(--cm-text-2);
      font-weight: 400;
    }
    .marked .details {
      color: var(--cm-danger);
    }
    .marked .picture {
      filter: grayscale(1);
      opacity: 0.6;
    }
    .undo {
      grid-column: 4 / -1;
      justify-self: end;
      color: var(--cm-accent);
    }

    @container (max-width: 54rem) {
      .columns,
      .quick,
      .fact {
        display: none;
      }
      .order {
        display: flex;
        margin-inline-start: auto;
      }
      .order select {
        max-inline-size: 9rem;
      }
      .row {
        --row: 5.25rem;
        grid-template-columns: 2.25rem 2.75rem minmax(0, 1fr) auto;
      }
      .piece {
        --row: 5.25rem;
      }
      .row:not(.marked) .details {
        display: block;
      }
      .filed,
      .wider {
        display: inline;
      }
      .undo {
        grid-column: 4;
        padding-inline: var(--cm-space-2);
      }
    }
    @container (max-width: 30rem) {
      .tools {
        flex-wrap: wrap;
      }
      .tools .word {
        display: none;
      }
      /* As high as what it takes the place of: nothing moves. */
      .tools.bar {
        flex-wrap: nowrap;
        min-block-size: calc(2 * var(--cm-size) + var(--cm-space-2));
      }
      .search {
        flex-basis: 100%;
        max-inline-size: none;
      }
      .order {
        flex: 1;
      }
      .order select {
        flex: 1;
        max-inline-size: none;
      }
    }
    @media (pointer: coarse) {
      .check {
        inline-size: 2.75rem;
        block-size: 2.75rem;
        margin-inline: -0.125rem;
      }
    }
  `,
];
