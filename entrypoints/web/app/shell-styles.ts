import { css } from 'lit';
import { buttons, reset, states } from '../src/base/styles.js';
import { segments } from './styles.js';

/** Language and theme, on the sign-in page too. */
export const settings = [
  segments,
  css`
    .settings {
      display: flex;
      flex-wrap: wrap;
      gap: var(--cm-space-2);
    }
    .segments button {
      min-inline-size: 2.125rem;
      min-block-size: 2rem;
      padding: 0 var(--cm-space-1);
      border: 0;
      background: none;
      font: var(--cm-text-xs);
      font-weight: 600;
      cursor: pointer;
    }
    .segments button .icon {
      font-size: 0.875rem;
    }
    @media (pointer: coarse) {
      .segments button {
        min-inline-size: 2.75rem;
        min-block-size: 2.5rem;
      }
    }
  `,
];

export const styles = [
  reset,
  buttons,
  states,
  settings,
  css`
    :host {
      display: block;
      min-block-size: 100dvh;
      background: var(--cm-bg);
    }
    .skip {
      position: fixed;
      z-index: 100;
      inset: var(--cm-space-2) auto auto var(--cm-space-2);
      transform: translateY(-200%);
    }
    .skip:focus {
      transform: none;
    }
    .frame {
      display: grid;
      grid-template-columns: 15rem minmax(0, 1fr);
      min-block-size: 100dvh;
    }
    .side {
      position: sticky;
      inset-block-start: 0;
      display: flex;
      flex-direction: column;
      gap: var(--cm-space-6);
      block-size: 100dvh;
      padding: var(--cm-space-4) var(--cm-space-3);
      border-inline-end: 1px solid var(--cm-border);
      background: var(--cm-surface);
      overflow-y: auto;
    }
    .brand {
      display: flex;
      align-items: center;
      gap: var(--cm-space-3);
      padding: var(--cm-space-1) var(--cm-space-2);
      color: var(--cm-text);
      font: var(--cm-text-md);
      font-weight: 600;
      text-decoration: none;
    }
    .brand img {
      inline-size: 1.75rem;
      block-size: 1.75rem;
    }
    .side nav {
      flex: 1;
    }
    nav ul {
      display: grid;
      gap: 2px;
    }
    nav a {
      display: flex;
      align-items: center;
      gap: var(--cm-space-3);
      min-block-size: var(--cm-size);
      padding: 0 var(--cm-space-3);
      border-radius: var(--cm-radius-1);
      color: var(--cm-text-2);
      font: var(--cm-text-md);
      font-weight: 500;
      text-decoration: none;
    }
    nav a:hover {
      background: var(--cm-hover);
      color: var(--cm-text);
    }
    nav a[aria-current] {
      background: var(--cm-selected);
      color: var(--cm-text);
    }
    nav a[aria-current] .icon {
      color: var(--cm-accent);
    }
    .me {
      display: grid;
      gap: var(--cm-space-3);
      padding: var(--cm-space-3) var(--cm-space-2) 0;
      border-block-start: 1px solid var(--cm-border);
    }
    .person {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      align-items: center;
      gap: var(--cm-space-2);
    }
    .person .name {
      overflow: hidden;
      font-weight: 600;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .person .role {
      color: var(--cm-text-2);
      font: var(--cm-text-sm);
    }
    main {
      inline-size: 100%;
      max-inline-size: 84rem;
      padding: var(--cm-space-8) var(--cm-space-8) var(--cm-space-12);
      margin-inline: auto;
    }
    main:focus-visible {
      outline: none;
      box-shadow: none;
    }
    .bar {
      display: none;
    }
    .drawer {
      margin: 0;
      padding: 0;
      border: 0;
    }
    @media (max-width: 63.99rem) {
      .frame {
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: auto minmax(0, 1fr);
      }
      .bar {
        position: sticky;
        z-index: 15;
        inset-block-start: 0;
        display: flex;
        align-items: center;
        gap: var(--cm-space-2);
        padding: var(--cm-space-1) var(--cm-space-2);
        border-block-end: 1px solid var(--cm-border);
        background: var(--cm-surface);
      }
      .drawer {
        position: fixed;
        inset: 0 auto 0 0;
        inline-size: min(18rem, 85vw);
        block-size: 100dvh;
        max-block-size: none;
        background: var(--cm-surface);
        color: var(--cm-text);
        box-shadow: var(--cm-shadow-2);
      }
      .drawer[open] {
        animation: slide var(--cm-slow) var(--cm-ease);
      }
      .drawer::backdrop {
        background: rgb(8 14 18 / 0.55);
      }
      .drawer .side {
        position: static;
        block-size: 100%;
        border: 0;
      }
      .frame > .side {
        display: none;
      }
      main {
        padding: var(--cm-space-6) var(--cm-space-6) var(--cm-space-12);
      }
    }
    @media (max-width: 40rem) {
      main {
        padding: var(--cm-space-4) var(--cm-space-4) var(--cm-space-12);
      }
    }
    @keyframes slide {
      from {
        transform: translateX(-16px);
        opacity: 0;
      }
    }
  `,
];
