import { css } from 'lit';
import { reset } from '../../base/styles.js';

export const styles = [
  reset,
  css`
    :host {
      position: relative;
      display: block;
      aspect-ratio: 1;
      border-radius: var(--cm-radius-1);
      scroll-margin: var(--cm-space-2);
      -webkit-touch-callout: none;
      user-select: none;
    }
    /* The bar of the selection stands over the bottom of the window. */
    :host([selecting]) {
      scroll-margin-block-end: 8rem;
    }
    a {
      display: block;
      block-size: 100%;
      border-radius: inherit;
      background: var(--average, var(--cm-sunken));
      color: #fff;
      overflow: hidden;
      text-decoration: none;
      transition: box-shadow var(--cm-fast) var(--cm-ease);
    }
    img {
      inline-size: 100%;
      block-size: 100%;
      object-fit: cover;
      transition: transform var(--cm-slow) var(--cm-ease);
    }
    .missing {
      display: grid;
      place-items: center;
      block-size: 100%;
      background: var(--cm-sunken);
      color: var(--cm-text-3);
      font-size: 1.5rem;
    }
    .overlay {
      position: absolute;
      inset: auto 0 0;
      display: grid;
      padding: var(--cm-space-8) var(--cm-space-2) var(--cm-space-2);
      border-end-start-radius: inherit;
      border-end-end-radius: inherit;
      background: linear-gradient(to top, rgb(0 0 0 / 0.88), rgb(0 0 0 / 0.72) calc(100% - 2rem), transparent);
      font: var(--cm-text-sm);
      opacity: 0;
      pointer-events: none;
      transition: opacity var(--cm-fast) var(--cm-ease);
    }
    .title,
    .details {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .title {
      font-weight: 600;
    }
    .details {
      font: var(--cm-text-xs);
    }
    a:focus-visible .overlay {
      opacity: 1;
    }
    .badge {
      position: absolute;
      inset: var(--cm-space-2) var(--cm-space-2) auto auto;
      display: grid;
      place-items: center;
      inline-size: 1.75rem;
      block-size: 1.75rem;
      border-radius: var(--cm-radius-1);
      background: rgb(0 0 0 / 0.72);
      color: #fff;
      font-size: 0.875rem;
    }
    .check {
      position: absolute;
      inset: 0 auto auto 0;
      display: grid;
      place-items: center;
      inline-size: 2.5rem;
      block-size: 2.5rem;
      cursor: pointer;
      opacity: 0;
      transition: opacity var(--cm-fast) var(--cm-ease);
    }
    .check input {
      position: absolute;
      inset: 0;
      margin: 0;
      opacity: 0;
      cursor: pointer;
    }
    .mark {
      display: grid;
      place-items: center;
      inline-size: 1.5rem;
      block-size: 1.5rem;
      border: 2px solid #fff;
      border-radius: 50%;
      background: rgb(0 0 0 / 0.45);
      box-shadow: 0 0 2px rgb(0 0 0 / 0.6);
      color: transparent;
      font-size: 0.75rem;
      pointer-events: none;
    }
    .mark .icon {
      stroke-width: 3;
    }
    :host([selecting]) .check,
    .check:focus-within,
    a:focus-visible ~ .check {
      opacity: 1;
    }
    @media (hover: hover) {
      :host(:hover) .overlay,
      :host(:hover) .check {
        opacity: 1;
      }
    }

    /* Chosen: a ring inside, the picture smaller, a filled check. Focus is a ring outside: they never look alike. */
    :host([selected]) a,
    :host([preview]) a {
      background: var(--cm-selected);
    }
    :host([selected]) a {
      box-shadow: inset 0 0 0 3px var(--cm-accent);
    }
    :host([preview]:not([selected])) a {
      box-shadow: inset 0 0 0 2px var(--cm-control);
    }
    :host([selected]) img {
      border-radius: var(--cm-radius-1);
      transform: scale(0.88);
    }
    :host([selected]) .overlay {
      opacity: 0;
    }
    :host([selected]) .mark {
      border-color: var(--cm-on-accent);
      background: var(--cm-accent);
      color: var(--cm-on-accent);
    }
    a:focus-visible {
      outline: 3px solid var(--cm-accent);
      outline-offset: 2px;
      box-shadow: 0 0 0 2px var(--cm-surface);
    }
    :host([selected]) a:focus-visible {
      box-shadow:
        inset 0 0 0 3px var(--cm-accent),
        0 0 0 2px var(--cm-surface);
    }
    @media (prefers-reduced-motion: reduce) {
      img {
        transition: none;
      }
    }
  `,
];
