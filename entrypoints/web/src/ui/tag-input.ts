import { css, html, LitElement, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { X } from 'lucide';
import { define } from '../base/define.js';
import { icon } from '../base/icons.js';
import { fields, reset } from '../base/styles.js';
import { msg, str } from '../i18n/index.js';
import { field } from './field.js';

/** The list of tags is another one. */
export class TagsEvent extends Event {
  constructor(readonly tags: readonly string[]) {
    super('tags-change', { bubbles: true });
  }
}

/** Tags as chips in a field: Enter or a comma adds one, Backspace in the empty field takes the last one away. */
export class CmTagInput extends LitElement {
  static readonly tag = 'cm-tag-input';

  @property() label = '';
  @property({ attribute: false }) tags: readonly string[] = [];
  /** Offered while typing. */
  @property({ attribute: false }) known: readonly string[] = [];
  @query('input') private input!: HTMLInputElement;

  override focus(): void {
    this.input.focus();
  }

  /** The tags with what is still being typed. */
  complete(): readonly string[] {
    this.#add();
    return this.tags;
  }

  #set(tags: readonly string[]): void {
    this.tags = tags;
    this.dispatchEvent(new TagsEvent(tags));
  }

  #add(): void {
    const tags = this.input.value.split(',').map((tag) => tag.trim()).filter(Boolean);
    this.input.value = '';
    if (tags.length) this.#set([...new Set([...this.tags, ...tags])]);
  }

  #pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if ((event.key === 'Enter' && this.input.value.trim()) || event.key === ',') {
      event.preventDefault();
      this.#add();
    } else if (event.key === 'Backspace' && this.input.value === '') {
      this.#set(this.tags.slice(0, -1));
    }
  }

  protected override render(): TemplateResult {
    return field({
      id: 'tag',
      label: this.label,
      control: html`
        <div class="box">
          ${this.tags.map(
            (tag) => html`
              <span class="tag">
                ${tag}
                <button
                  type="button"
                  aria-label=${msg(str`Quitar la etiqueta ${tag}`)}
                  @click=${() => this.#set(this.tags.filter((one) => one !== tag))}
                >
                  ${icon(X)}
                </button>
              </span>
            `,
          )}
          <input id="tag" list="known" maxlength="50" autocomplete="off" enterkeyhint="done" @keydown=${this.#pressed} @change=${this.#add} />
          <datalist id="known">${this.known.map((tag) => html`<option value=${tag}></option>`)}</datalist>
        </div>
      `,
    });
  }

  static override styles = [
    reset,
    fields,
    css`
      :host {
        display: block;
      }
      .box {
        display: flex;
        flex-wrap: wrap;
        gap: var(--cm-space-1);
        padding: 3px;
        border: 1px solid var(--cm-control);
        border-radius: var(--cm-radius-1);
        background: var(--cm-surface);
      }
      .box:focus-within {
        outline: 2px solid var(--cm-accent);
        outline-offset: 2px;
      }
      .box input:not([type='checkbox']) {
        flex: 1;
        min-inline-size: 6rem;
        min-block-size: calc(var(--cm-size) - 8px);
        padding: 0 var(--cm-space-2);
        border: 0;
        outline: none;
        box-shadow: none;
      }
      .tag {
        display: inline-flex;
        align-items: center;
        padding-inline-start: var(--cm-space-2);
        border-radius: var(--cm-radius-1);
        background: var(--cm-selected);
        font: var(--cm-text-sm);
      }
      .tag button {
        display: grid;
        place-items: center;
        inline-size: 2rem;
        block-size: 2rem;
        padding: 0;
        border: 0;
        background: none;
        color: var(--cm-text-2);
        font-size: 0.75rem;
        cursor: pointer;
      }
    `,
  ];
}

define(CmTagInput);

declare global {
  interface HTMLElementTagNameMap {
    'cm-tag-input': CmTagInput;
  }
}
