import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { EllipsisVertical, type IconNode } from 'lucide';
import { define } from '../base/define.js';
import { icon } from '../base/icons.js';
import { buttons, reset } from '../base/styles.js';
import { RovingFocus } from '../controllers/roving-focus.js';

export interface MenuItem {
  label: string;
  icon?: IconNode;
  danger?: boolean;
  disabled?: boolean;
  act: () => void;
}

/** A button that opens a list of actions (the browser's popover). `label` is what the button does, for everyone. */
export class CmMenu extends LitElement {
  static readonly tag = 'cm-menu';

  @property({ attribute: false }) items: readonly MenuItem[] = [];
  @property() label = '';
  /** Show the label beside the icon. */
  @property({ type: Boolean }) wide = false;
  @property({ attribute: false }) icon: IconNode = EllipsisVertical;
  @query('button') private button!: HTMLButtonElement;
  @query('[popover]') private list!: HTMLElement;

  constructor() {
    super();
    new RovingFocus(this, { items: () => this.#buttons(), axis: 'column' });
  }

  #buttons(): HTMLElement[] {
    return [...(this.renderRoot?.querySelectorAll<HTMLElement>('[role="menuitem"]:not([disabled])') ?? [])];
  }

  #toggled(event: ToggleEvent): void {
    this.button.setAttribute('aria-expanded', String(event.newState === 'open'));
    if (event.newState !== 'open') return;
    this.#place();
    this.#buttons()[0]?.focus();
  }

  #place(): void {
    const at = this.button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height, style } = this.list;
    const below = at.bottom + height + 8 <= innerHeight || at.top < height;
    style.top = `${below ? at.bottom + 4 : at.top - height - 4}px`;
    style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
  }

  #chosen(item: MenuItem): void {
    this.list.hidePopover();
    this.button.focus();
    item.act();
  }

  protected override render(): TemplateResult {
    return html`
      <button
        class="button quiet ${this.wide ? '' : 'square'}"
        part="button"
        type="button"
        aria-haspopup="menu"
        aria-expanded="false"
        aria-label=${this.wide ? nothing : this.label}
        popovertarget="list"
      >
        ${icon(this.icon)}${this.wide ? this.label : nothing}
      </button>
      <div id="list" popover role="menu" aria-label=${this.label} @toggle=${this.#toggled}>
        ${this.items.map(
          (item) => html`
            <button
              class="item ${item.danger ? 'danger' : ''}"
              type="button"
              role="menuitem"
              tabindex="-1"
              ?disabled=${item.disabled}
              @click=${() => this.#chosen(item)}
            >
              ${item.icon ? icon(item.icon) : nothing}<span>${item.label}</span>
            </button>
          `,
        )}
      </div>
    `;
  }

  static override styles = [
    reset,
    buttons,
    css`
      :host {
        display: inline-flex;
      }
      [popover] {
        position: fixed;
        inset: auto;
        min-inline-size: 12rem;
        max-inline-size: calc(100vw - 1rem);
        margin: 0;
        padding: var(--cm-space-1);
        border: 1px solid var(--cm-border);
        border-radius: var(--cm-radius-2);
        background: var(--cm-surface);
        color: var(--cm-text);
        box-shadow: var(--cm-shadow-2);
      }
      .item {
        display: flex;
        align-items: center;
        gap: var(--cm-space-3);
        inline-size: 100%;
        min-block-size: var(--cm-size);
        padding: 0 var(--cm-space-3);
        border: 0;
        border-radius: var(--cm-radius-1);
        background: none;
        color: inherit;
        font: var(--cm-text-md);
        text-align: start;
        cursor: pointer;
      }
      .item:hover,
      .item:focus-visible {
        background: var(--cm-hover);
      }
      .item:focus-visible {
        outline-offset: -2px;
        box-shadow: none;
      }
      .item.danger {
        color: var(--cm-danger);
      }
      .item[disabled] {
        color: var(--cm-text-3);
        cursor: default;
      }
    `,
  ];
}

define(CmMenu);

declare global {
  interface HTMLElementTagNameMap {
    'cm-menu': CmMenu;
  }
}
