import { css } from 'lit';
import { buttons, fileTile, reset, states, tileProgress } from '../../base/styles.js';

export const styles = [
  reset,
  buttons,
  states,
  fileTile,
  tileProgress,
  css`
    :host {
      display: block;
      --size: var(--cm-thumb-size, 72px);
    }
    .strip {
      display: flex;
      flex-wrap: wrap;
      gap: var(--cm-space-2);
      border-radius: var(--cm-radius-2);
    }
    .strip.over {
      outline: 2px dashed var(--cm-accent);
      outline-offset: 4px;
      background: var(--cm-selected);
    }
    .thumb {
      position: relative;
      inline-size: var(--size);
      block-size: var(--size);
      border-radius: var(--cm-radius-1);
      -webkit-touch-callout: none;
      user-select: none;
    }
    .open {
      display: block;
      inline-size: 100%;
      block-size: 100%;
      padding: 0;
      border: 1px solid var(--cm-border);
      border-radius: inherit;
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
    .file {
      block-size: 100%;
      font: var(--cm-text-xs);
    }
    .carried {
      z-index: 1;
      opacity: 0.85;
      outline: 2px dashed var(--cm-accent);
      outline-offset: 2px;
    }
    .carrying {
      cursor: grabbing;
      touch-action: none;
    }
    .carrying cm-menu {
      visibility: hidden;
    }
    .thumb cm-menu {
      position: absolute;
      inset: 2px 2px auto auto;
      opacity: 0;
    }
    .thumb cm-menu::part(button) {
      inline-size: 1.75rem;
      min-block-size: 1.75rem;
      background: rgb(0 0 0 / 0.72);
      color: #fff;
    }
    .thumb:hover cm-menu,
    .thumb:focus-within cm-menu {
      opacity: 1;
    }
    @media (hover: none) {
      .thumb cm-menu {
        opacity: 1;
      }
    }
    .sending {
      border: 1px dashed var(--cm-control);
      color: var(--cm-text-2);
      overflow: hidden;
    }
    .cancel {
      position: absolute;
      inset: 2px 2px auto auto;
      display: grid;
      place-items: center;
      inline-size: 1.75rem;
      block-size: 1.75rem;
      padding: 0;
      border: 0;
      border-radius: var(--cm-radius-1);
      background: var(--cm-surface);
      color: var(--cm-text);
      font-size: 0.75rem;
      cursor: pointer;
    }
    .adder cm-menu::part(button) {
      inline-size: var(--size);
      block-size: var(--size);
      border: 1px dashed var(--cm-control);
      color: var(--cm-text-2);
    }
    .none {
      color: var(--cm-text-3);
      font: var(--cm-text-sm);
    }
    .notice {
      margin-block-start: var(--cm-space-2);
      padding: var(--cm-space-2) var(--cm-space-3);
      font: var(--cm-text-sm);
    }
  `,
];
