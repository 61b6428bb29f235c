import { css } from 'lit';
import { buttons, reset, states } from '../../base/styles.js';

export const styles = [
  reset,
  buttons,
  states,
  css`
    :host {
      display: flex;
      flex-direction: column;
      min-block-size: 18rem;
      block-size: 100%;
      background: var(--cm-stage);
      color: var(--cm-on-stage);
      color-scheme: dark;
      container-type: inline-size;
    }
    .stage {
      position: relative;
      flex: 1;
      min-block-size: 0;
      overflow: hidden;
    }
    .boxes {
      position: absolute;
      inset: 0;
      display: grid;
    }
    .box {
      position: relative;
      grid-area: 1 / 1;
      min-inline-size: 0;
      min-block-size: 0;
      overflow: hidden;
      touch-action: none;
    }
    .box.near {
      cursor: grab;
    }
    img {
      position: absolute;
      inset: 0;
      inline-size: 100%;
      block-size: 100%;
      object-fit: contain;
      user-select: none;
    }
    :host([mode='slider']) .after {
      background: var(--cm-stage);
      clip-path: inset(0 0 0 var(--split, 50%));
    }
    figcaption {
      position: absolute;
      inset: var(--cm-space-3) auto auto var(--cm-space-3);
      padding: var(--cm-space-1) var(--cm-space-2);
      border-radius: var(--cm-radius-1);
      background: rgb(0 0 0 / 0.76);
      font: var(--cm-text-sm);
      pointer-events: none;
    }
    :host([mode='slider']) .after figcaption {
      inset-inline: auto var(--cm-space-3);
    }
    :host([mode='side']) .boxes {
      grid-template-columns: 1fr 1fr;
      gap: 2px;
    }
    :host([mode='side']) .box {
      grid-area: auto;
    }
    @container (max-width: 40rem) and (orientation: portrait) {
      :host([mode='side']) .boxes {
        grid-template: 1fr 1fr / 1fr;
      }
    }

    /* The thumb is a strip as high as the picture around the line; everything beside it zooms and pans. */
    .split {
      --thumb: 44px;
      position: absolute;
      inset: 0 calc(var(--thumb) / -2);
      inline-size: calc(100% + var(--thumb));
      block-size: 100%;
      margin: 0;
      appearance: none;
      background: none;
      outline: none;
      pointer-events: none;
    }
    .split:focus-visible {
      outline: none;
      box-shadow: none;
    }
    .split::-webkit-slider-runnable-track {
      block-size: 100%;
    }
    .split::-webkit-slider-thumb {
      appearance: none;
      inline-size: var(--thumb);
      block-size: 100%;
      background: linear-gradient(90deg, transparent calc(50% - 1px), #fff calc(50% - 1px) calc(50% + 1px), transparent calc(50% + 1px));
      cursor: ew-resize;
      pointer-events: auto;
      touch-action: none;
    }
    .split::-moz-range-thumb {
      inline-size: var(--thumb);
      block-size: 100%;
      border: 0;
      border-radius: 0;
      background: linear-gradient(90deg, transparent calc(50% - 1px), #fff calc(50% - 1px) calc(50% + 1px), transparent calc(50% + 1px));
      cursor: ew-resize;
      pointer-events: auto;
    }
    .knob {
      position: absolute;
      inset: calc(50% - 1.25rem) auto auto calc(var(--split, 50%) - 1.25rem);
      display: grid;
      place-items: center;
      inline-size: 2.5rem;
      block-size: 2.5rem;
      border-radius: 50%;
      background: #fff;
      box-shadow: 0 1px 6px rgb(0 0 0 / 0.5);
      color: #15222a;
      pointer-events: none;
    }
    .split:focus-visible + .knob {
      outline: 3px solid #fff;
      outline-offset: 2px;
      box-shadow: 0 0 0 2px #000;
    }

    .tools {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--cm-space-2);
      padding: var(--cm-space-2) var(--cm-space-4) calc(var(--cm-space-2) + env(safe-area-inset-bottom));
      background: var(--cm-surface);
      color: var(--cm-text);
    }
    .zoom {
      display: flex;
      margin-inline-start: auto;
    }
    .zoom .button:last-child::after {
      inset-inline-end: 0;
    }
    .state {
      color: var(--cm-text);
    }
  `,
];
