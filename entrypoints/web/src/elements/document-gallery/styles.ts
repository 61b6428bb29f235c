import { css } from 'lit';
import { buttons, fields, reset, states } from '../../base/styles.js';
import { toolStyles } from '../file-list/styles.js';

export const styles = [
  reset,
  buttons,
  fields,
  states,
  toolStyles,
  css`
    :host {
      display: block;
    }
    .frame {
      position: relative;
      container-type: inline-size;
      min-block-size: 20rem;
    }
    .head {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      align-items: center;
      gap: var(--cm-space-3);
      padding-block-end: var(--cm-space-4);
    }
    .rail {
      display: flex;
      gap: var(--cm-space-2);
      padding: 4px;
      margin: -4px;
      overflow-x: auto;
      scrollbar-width: none;
    }
    .rail .chip {
      flex: none;
    }
    .tools {
      margin: 0;
    }
    .search {
      flex: none;
      inline-size: 12rem;
    }
    .cards {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
      gap: var(--cm-space-4);
    }
    .cards.stale {
      opacity: 0.5;
    }
    .cards .skeleton {
      block-size: 15rem;
    }
    .card {
      position: relative;
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      align-content: start;
      padding: var(--cm-space-2) var(--cm-space-2) var(--cm-space-3);
      border: 1px solid var(--cm-border);
      border-radius: var(--cm-radius-3);
      background: var(--cm-surface);
      transition: border-color var(--cm-fast) var(--cm-ease);
    }
    .card:hover {
      border-color: var(--cm-control);
    }
    .picture {
      position: relative;
      display: grid;
      place-items: center;
      block-size: 8.5rem;
      border-radius: var(--cm-radius-2);
      background: var(--cm-sunken);
      color: var(--cm-text-3);
      overflow: hidden;
    }
    .picture .icon {
      inline-size: 2.5rem;
      block-size: 2.5rem;
      stroke-width: 1.25;
    }
    .picture img {
      position: absolute;
      inset: 0;
      inline-size: 100%;
      block-size: 100%;
      background: var(--cm-sunken);
      object-fit: cover;
      object-position: top;
    }
    /* A page is as white as the card. */
    .picture::after {
      position: absolute;
      inset: 0;
      border: 1px solid rgb(0 0 0 / 0.1);
      border-radius: inherit;
      content: '';
    }
    .format {
      position: absolute;
      inset: auto auto var(--cm-space-2) var(--cm-space-2);
      padding: 0 var(--cm-space-2);
      border-radius: var(--cm-radius-1);
      background: rgb(16 20 22 / 0.82);
      color: #fff;
      font: var(--cm-text-xs);
      line-height: 1.25rem;
    }
    .about {
      display: grid;
      align-content: start;
      justify-items: start;
      gap: var(--cm-space-1);
      min-inline-size: 0;
      padding: var(--cm-space-2) 0 0 var(--cm-space-1);
    }
    .open {
      display: -webkit-box;
      padding: 0;
      margin-inline-end: 2.25rem;
      border: 0;
      background: none;
      color: inherit;
      font: var(--cm-text-md);
      font-weight: 600;
      text-align: start;
      overflow: hidden;
      overflow-wrap: anywhere;
      cursor: pointer;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
    }
    /* The whole card is pressed, and shows the focus. */
    .open::after {
      position: absolute;
      inset: 0;
      border-radius: var(--cm-radius-3);
      content: '';
    }
    .open:focus-visible {
      outline: none;
      box-shadow: none;
    }
    .open:focus-visible::after {
      outline: 2px solid var(--cm-accent);
      outline-offset: 2px;
      box-shadow: 0 0 0 2px var(--cm-surface);
    }
    .card:hover .open {
      color: var(--cm-accent);
    }
    .type {
      padding: 0 var(--cm-space-2);
      border-radius: 999px;
      background: var(--cm-selected);
      color: var(--cm-text);
      line-height: 1.375rem;
    }
    .details,
    .description {
      max-inline-size: 100%;
      color: var(--cm-text-2);
      font: var(--cm-text-xs);
    }
    .details {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 2px var(--cm-space-2);
    }
    .description {
      overflow: hidden;
      font: var(--cm-text-sm);
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    cm-menu {
      position: absolute;
      inset: calc(8.5rem + var(--cm-space-3)) var(--cm-space-1) auto auto;
    }
    .end {
      block-size: 1px;
    }
    .drop {
      position: absolute;
      z-index: 3;
      inset: 0;
      display: grid;
      place-items: center;
      padding: var(--cm-space-4);
      border: 2px dashed var(--cm-accent);
      border-radius: var(--cm-radius-3);
      background: color-mix(in srgb, var(--cm-selected) 94%, transparent);
      font: var(--cm-text-lg);
      font-weight: 600;
      text-align: center;
      pointer-events: none;
    }
    .drop p {
      display: flex;
      align-items: center;
      gap: var(--cm-space-3);
    }
    @container (max-width: 74rem) {
      .head {
        grid-template-columns: minmax(0, 1fr);
      }
      .search {
        flex: 1;
        max-inline-size: 24rem;
      }
      .upload {
        margin-inline-start: auto;
      }
    }
    @container (max-width: 60rem) {
      .search {
        max-inline-size: none;
      }
    }
    @container (max-width: 30rem) {
      .cards {
        grid-template-columns: minmax(0, 1fr);
        gap: var(--cm-space-2);
      }
      .card {
        grid-template-columns: 4.5rem minmax(0, 1fr);
        column-gap: var(--cm-space-2);
        padding: var(--cm-space-2);
      }
      .picture {
        block-size: 4.5rem;
      }
      .picture .icon {
        inline-size: 1.75rem;
        block-size: 1.75rem;
      }
      .format {
        display: none;
      }
      .about {
        gap: 2px;
        padding: 0;
      }
      .details {
        margin-inline-end: 2rem;
      }
      cm-menu {
        inset-block-start: var(--cm-space-1);
      }
    }
  `,
];
