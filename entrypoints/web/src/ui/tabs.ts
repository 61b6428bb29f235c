import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { define } from '../base/define.js';
import { reset } from '../base/styles.js';
import { RovingFocus } from '../controllers/roving-focus.js';

export interface Tab {
  key: string;
  label: string;
  count?: number;
}

/** Another tab was chosen. */
export class TabEvent extends Event {
  constructor(readonly key: string) {
    super('tab-change', { bubbles: true, composed: true });
  }
}

/** Tabs over panels: one slot for each tab, named by its key. Only the selected panel is shown. */
export class CmTabs extends LitElement {
  static readonly tag = 'cm-tabs';

  @property({ attribute: false }) tabs: readonly Tab[] = [];
  @property() selected = '';
  @property() label = '';

  constructor() {
    super();
    new RovingFocus(this, { items: () => [...(this.renderRoot?.querySelectorAll<HTMLElement>('[role="tab"]') ?? [])] });
  }

  #choose(key: string): void {
    if (key === this.selected) return;
    this.selected = key;
    this.dispatchEvent(new TabEvent(key));
  }

  protected override render(): TemplateResult {
    return html`
      <div class="list" part="list" role="tablist" aria-label=${this.label || nothing}>
        ${this.tabs.map(
          ({ key, label, count }) => html`
            <button
              role="tab"
              type="button"
              id="tab-${key}"
              part="tab"
              aria-selected=${key === this.selected}
              aria-controls="panel-${key}"
              @click=${() => this.#choose(key)}
            >
              ${label}${count === undefined ? nothing : html`<span class="count">${count}</span>`}
            </button>
          `,
        )}
      </div>
      ${this.tabs.map(
        ({ key }) => html`
          <div role="tabpanel" part="panel" id="panel-${key}" aria-labelledby="tab-${key}" ?hidden=${key !== this.selected}>
            <slot name=${key}></slot>
          </div>
        `,
      )}
    `;
  }

  static override styles = [
    reset,
    css`
      :host {
        display: block;
      }
      .list {
        display: flex;
        gap: var(--cm-space-1);
        border-block-end: 1px solid var(--cm-border);
        overflow-x: auto;
        scrollbar-width: none;
      }
      button {
        position: relative;
        flex: none;
        min-block-size: var(--cm-size);
        padding: 0 var(--cm-space-4);
        border: 0;
        border-radius: var(--cm-radius-1) var(--cm-radius-1) 0 0;
        background: none;
        color: var(--cm-text-2);
        font: var(--cm-text-md);
        font-weight: 500;
        white-space: nowrap;
        cursor: pointer;
      }
      button:hover {
        color: var(--cm-text);
        background: var(--cm-hover);
      }
      button:focus-visible {
        outline-offset: -2px;
        box-shadow: none;
      }
      button[aria-selected='true'] {
        color: var(--cm-text);
      }
      button[aria-selected='true']::after {
        position: absolute;
        inset: auto var(--cm-space-3) 0;
        block-size: 2px;
        background: var(--cm-accent);
        content: '';
      }
      .count {
        margin-inline-start: var(--cm-space-2);
        color: var(--cm-text-3);
        font: var(--cm-text-xs);
      }
    `,
  ];
}

define(CmTabs);

declare global {
  interface HTMLElementTagNameMap {
    'cm-tabs': CmTabs;
  }
}
