import { css } from 'lit';

/** Every element: box model, type, the two-tone focus ring, what is hidden from sight only. */
export const reset = css`
  :host {
    box-sizing: border-box;
    color: var(--cm-text);
    font: var(--cm-text-md);
    -webkit-text-size-adjust: 100%;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  a {
    color: var(--cm-accent);
  }
  img {
    display: block;
  }
  :focus-visible {
    outline: 2px solid var(--cm-accent);
    outline-offset: 2px;
    box-shadow: 0 0 0 2px var(--cm-surface);
  }
  .sr-only {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .icon {
    inline-size: 1.25em;
    block-size: 1.25em;
    flex: none;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 0.01ms !important;
      animation-iteration-count: 1 !important;
      transition-property: opacity !important;
      scroll-behavior: auto !important;
    }
  }
`;

/** Buttons: plain, `.primary`, `.danger`, `.quiet`, and `.square` for one that shows an icon only. */
export const buttons = css`
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--cm-space-2);
    min-block-size: var(--cm-size);
    padding: 0 var(--cm-space-4);
    border: 1px solid var(--cm-control);
    border-radius: var(--cm-radius-1);
    background: var(--cm-surface);
    color: var(--cm-text);
    font: var(--cm-text-md);
    font-weight: 500;
    text-decoration: none;
    white-space: nowrap;
    cursor: pointer;
    transition:
      background-color var(--cm-fast) var(--cm-ease),
      border-color var(--cm-fast) var(--cm-ease);
  }
  .button:hover {
    background: var(--cm-hover);
  }
  .button:active {
    background: var(--cm-selected);
  }
  .button.primary {
    border-color: transparent;
    background: var(--cm-accent);
    color: var(--cm-on-accent);
  }
  .button.primary:hover {
    background: var(--cm-accent-hover);
  }
  .button.danger {
    border-color: transparent;
    background: var(--cm-danger);
    color: var(--cm-on-danger);
  }
  .button.quiet {
    border-color: transparent;
    background: transparent;
  }
  .button.quiet:hover {
    background: var(--cm-hover);
  }
  .button.quiet.danger {
    color: var(--cm-danger);
  }
  .button.quiet.danger:hover {
    background: var(--cm-danger-soft);
  }
  .button.square {
    inline-size: var(--cm-size);
    padding: 0;
  }
  .button[disabled],
  .button[aria-disabled='true'] {
    border-color: var(--cm-border);
    background: var(--cm-sunken);
    color: var(--cm-text-3);
    cursor: default;
  }
  .button.quiet[disabled],
  .button.quiet[aria-disabled='true'] {
    border-color: transparent;
    background: transparent;
  }
  /* The name of a button that shows only an icon, for those who see: data-tip, and data-tip-at="below" | "start". */
  [data-tip] {
    position: relative;
  }
  [data-tip]:is(:hover, :focus-visible)::after {
    position: absolute;
    z-index: 5;
    inset-block-end: calc(100% + 6px);
    padding: var(--cm-space-1) var(--cm-space-2);
    border-radius: var(--cm-radius-1);
    background: var(--cm-text);
    color: var(--cm-surface);
    font: var(--cm-text-xs);
    white-space: nowrap;
    pointer-events: none;
    content: attr(data-tip);
    animation: tip var(--cm-fast) 300ms backwards;
  }
  [data-tip-at='below']:is(:hover, :focus-visible)::after {
    inset-block: calc(100% + 6px) auto;
  }
  @keyframes tip {
    from {
      opacity: 0;
    }
  }
  @media (hover: none) {
    [data-tip]:hover::after {
      display: none;
    }
  }
  .link {
    padding: 0;
    border: 0;
    background: none;
    color: var(--cm-accent);
    font: inherit;
    font-weight: 500;
    text-decoration: underline;
    text-underline-offset: 2px;
    cursor: pointer;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: var(--cm-space-1);
    min-block-size: 2rem;
    padding: 0 var(--cm-space-3);
    border: 1px solid var(--cm-border);
    border-radius: 999px;
    background: var(--cm-surface);
    color: var(--cm-text-2);
    font: var(--cm-text-sm);
    white-space: nowrap;
    cursor: pointer;
  }
  .chip:hover {
    background: var(--cm-hover);
    color: var(--cm-text);
  }
  .chip[aria-pressed='true'],
  .chip[aria-checked='true'] {
    border-color: var(--cm-accent);
    background: var(--cm-selected);
    color: var(--cm-text);
    font-weight: 500;
  }
  @media (pointer: coarse) {
    .chip {
      min-block-size: 2.75rem;
      padding: 0 var(--cm-space-4);
    }
  }
`;

/** Inputs, selects, text areas and the rows that `field()` makes of them. */
export const fields = css`
  input:not([type='range'], [type='checkbox'], [type='radio'], [type='file']),
  select,
  textarea {
    inline-size: 100%;
    min-inline-size: 0;
    min-block-size: var(--cm-size);
    padding: var(--cm-space-2) var(--cm-space-3);
    border: 1px solid var(--cm-control);
    border-radius: var(--cm-radius-1);
    background: var(--cm-surface);
    color: var(--cm-text);
    font: var(--cm-text-input);
  }
  textarea {
    resize: vertical;
  }
  input::placeholder,
  textarea::placeholder {
    color: var(--cm-text-3);
    opacity: 1;
  }
  input[aria-invalid='true'],
  textarea[aria-invalid='true'],
  select[aria-invalid='true'] {
    border-color: var(--cm-danger);
  }
  input[type='checkbox'],
  input[type='radio'],
  input[type='range'] {
    accent-color: var(--cm-accent);
  }
  .field {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--cm-space-1);
    min-inline-size: 0;
  }
  .field > label,
  .field > .label {
    color: var(--cm-text-2);
    font: var(--cm-text-sm);
    font-weight: 500;
  }
  .field > .hint {
    color: var(--cm-text-3);
    font: var(--cm-text-xs);
  }
  .field > .fault {
    color: var(--cm-danger);
    font: var(--cm-text-sm);
  }
`;

/** What `src/ui/states.ts` draws: empty, error, slow, and the shimmer of a skeleton. */
export const states = css`
  .state {
    display: grid;
    justify-items: center;
    gap: var(--cm-space-3);
    max-inline-size: 28rem;
    margin: 0 auto;
    padding: var(--cm-space-12) var(--cm-space-4);
    text-align: center;
    text-wrap: pretty;
  }
  .state > .icon {
    inline-size: 2.5rem;
    block-size: 2.5rem;
    color: var(--cm-text-3);
    stroke-width: 1.5;
  }
  .state .title {
    font: var(--cm-text-lg);
    font-weight: 600;
  }
  .state .text {
    color: var(--cm-text-2);
  }
  .state .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: var(--cm-space-2);
  }
  .state.small {
    justify-items: start;
    gap: var(--cm-space-2);
    margin: 0;
    padding: var(--cm-space-3) 0;
    text-align: start;
  }
  .notice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--cm-space-2) var(--cm-space-3);
    padding: var(--cm-space-3) var(--cm-space-4);
    border-radius: var(--cm-radius-2);
    background: var(--cm-info-soft);
    color: var(--cm-info);
  }
  .notice.danger {
    background: var(--cm-danger-soft);
    color: var(--cm-danger);
  }
  .notice.warning {
    background: var(--cm-warning-soft);
    color: var(--cm-warning);
  }
  .notice.success {
    background: var(--cm-success-soft);
    color: var(--cm-success);
  }
  .notice .link {
    color: inherit;
  }
  .skeleton {
    border-radius: var(--cm-radius-1);
    background: var(--cm-sunken);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }
  @keyframes breathe {
    to {
      background: var(--cm-hover);
    }
  }
`;

/** A form whose fields stand one below the other. */
export const stacked = css`
  form {
    display: grid;
    gap: var(--cm-space-4);
  }
`;

/** A search field with its icon. */
export const search = css`
  .search {
    position: relative;
  }
  .search .icon {
    position: absolute;
    inset: 0 auto 0 var(--cm-space-3);
    block-size: 100%;
    color: var(--cm-text-3);
    pointer-events: none;
  }
  .search input[type='search'] {
    padding-inline-start: 2.25rem;
  }
`;

/** How many, on a button. */
export const bubble = css`
  .bubble {
    min-inline-size: 1.25rem;
    padding: 0 var(--cm-space-1);
    border-radius: 999px;
    background: var(--cm-accent);
    color: var(--cm-on-accent);
    font: var(--cm-text-xs);
    line-height: 1.25rem;
    text-align: center;
  }
`;

/** What stands on a small tile in the place of a picture: an icon and the name in two lines at most. */
export const fileTile = css`
  .file {
    display: grid;
    align-content: center;
    justify-items: center;
    gap: 2px;
    max-inline-size: 100%;
    padding: var(--cm-space-1);
  }
  .file .icon {
    font-size: 1.25rem;
  }
  .name {
    display: -webkit-box;
    max-inline-size: 100%;
    overflow: hidden;
    overflow-wrap: anywhere;
    font-size: 0.6875rem;
    line-height: 0.8125rem;
    text-align: center;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
`;

/** How far an upload is, along the lower edge of its tile. */
export const tileProgress = css`
  progress {
    appearance: none;
    position: absolute;
    inset: auto 0 0;
    inline-size: 100%;
    block-size: 4px;
    border: 0;
    background: var(--cm-sunken);
  }
  progress::-webkit-progress-bar {
    background: var(--cm-sunken);
  }
  progress::-webkit-progress-value {
    background: var(--cm-accent);
  }
  progress::-moz-progress-bar {
    background: var(--cm-accent);
  }
`;
