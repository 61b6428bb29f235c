import { css } from 'lit';
import { buttons, reset } from '../../base/styles.js';

export const styles = [
  reset,
  buttons,
  css`
    :host {
      position: fixed;
      z-index: 2000;
      inset: auto 0 calc(var(--cm-toast-offset, 0px) + var(--cm-space-4) + env(safe-area-inset-bottom));
      pointer-events: none;
    }
    section {
      display: grid;
      justify-items: center;
      gap: var(--cm-space-2);
      padding: 0 var(--cm-space-4);
    }
    .toast {
      display: flex;
      align-items: center;
      gap: var(--cm-space-3);
      max-inline-size: min(36rem, 100%);
      padding: var(--cm-space-2) var(--cm-space-2) var(--cm-space-2) var(--cm-space-4);
      border-radius: var(--cm-radius-2);
      background: var(--cm-text);
      color: var(--cm-surface);
      box-shadow: var(--cm-shadow-2);
      pointer-events: auto;
      animation: appear var(--cm-slow) var(--cm-ease);
    }
    .toast.error {
      background: var(--cm-danger);
      color: var(--cm-on-danger);
    }
    p {
      flex: 1;
      text-wrap: pretty;
    }
    .link {
      min-block-size: 2.25rem;
      padding: 0 var(--cm-space-2);
      color: inherit;
    }
    .close {
      display: grid;
      place-items: center;
      inline-size: 2.25rem;
      block-size: 2.25rem;
      padding: 0;
      border: 0;
      border-radius: var(--cm-radius-1);
      background: none;
      color: inherit;
      cursor: pointer;
    }
    .toast :focus-visible {
      outline-color: currentColor;
      outline-offset: -2px;
      box-shadow: none;
    }
    @keyframes appear {
      from {
        opacity: 0;
        transform: translateY(12px);
      }
    }
  `,
];
