import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { X } from 'lucide';
import { icon } from '../base/icons.js';
import { buttons, reset } from '../base/styles.js';
import { define } from '../base/define.js';
import { adoptTokens } from '../base/theme.js';
import { rememberFocus } from '../controllers/focus-return.js';
import { layerClosed, layerOpened } from '../controllers/layers.js';
import { msg } from '../i18n/index.js';
import { DialogCloseEvent } from './dialog-close.js';

export { DialogCloseEvent };

/**
 * The browser's own modal dialog with a heading, a body (default slot) and a footer (slot `footer`). Set `open`; on
 * `dialog-close` set it to false. Focus goes back to where it was. On a narrow screen it is a sheet at the bottom.
 */
export class CmDialog extends LitElement {
  static readonly tag = 'cm-dialog';

  @property({ type: Boolean }) open = false;
  @property() heading = '';
  /** `small` for a question, `large` for work, `full` for the whole window. */
  @property({ reflect: true }) size: 'small' | 'medium' | 'large' | 'full' = 'medium';
  /** The body fills the frame to its edges. */
  @property({ type: Boolean, reflect: true }) bare = false;
  @query('dialog') private dialog!: HTMLDialogElement;

  #restore?: () => void;

  override connectedCallback(): void {
    adoptTokens();
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.dialog?.open) this.#hide();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('open')) return;
    if (this.open && !this.dialog.open) this.#show();
    else if (!this.open && this.dialog.open) this.#hide();
  }

  #show(): void {
    this.#restore = rememberFocus();
    this.dialog.showModal();
    layerOpened(this.dialog);
  }

  #hide(): void {
    layerClosed(this.dialog);
    this.dialog.close();
    this.#restore?.();
  }

  #ask(event?: Event): void {
    event?.preventDefault();
    if (this.dispatchEvent(new DialogCloseEvent())) this.open = false;
  }

  #pressed(event: PointerEvent): void {
    if (event.target === this.dialog && event.isPrimary) this.#ask();
  }

  protected override render(): TemplateResult {
    return html`
      <dialog
        part="dialog"
        aria-labelledby="heading"
        @cancel=${this.#ask}
        @pointerdown=${this.#pressed}
      >
        <div class="frame" part="frame">
          <div class="header" part="header">
            <h2 id="heading" part="heading">${this.heading}</h2>
            <slot name="header"></slot>
            <button class="button quiet square" type="button" aria-label=${msg('Cerrar')} @click=${() => this.#ask()}>
              ${icon(X)}
            </button>
          </div>
          <div class="body" part="body"><slot></slot></div>
          ${this.querySelector('[slot="footer"]') ? html`<footer part="footer"><slot name="footer"></slot></footer>` : nothing}
        </div>
      </dialog>
    `;
  }

  static override styles = [
    reset,
    buttons,
    css`
      :host {
        display: contents;
      }
      dialog {
        inline-size: min(40rem, calc(100vw - 2rem));
        max-inline-size: none;
        max-block-size: min(48rem, calc(100dvh - 2rem));
        padding: 0;
        border: 0;
        border-radius: var(--cm-radius-3);
        background: var(--cm-surface);
        color: var(--cm-text);
        box-shadow: var(--cm-shadow-2);
        overflow: hidden;
      }
      dialog[open] {
        display: flex;
        animation: rise var(--cm-slow) var(--cm-ease);
      }
      dialog::backdrop {
        background: rgb(8 14 18 / 0.55);
      }
      :host([size='small']) dialog {
        inline-size: min(26rem, calc(100vw - 2rem));
      }
      :host([size='large']) dialog {
        inline-size: min(64rem, calc(100vw - 2rem));
      }
      :host([size='full']) dialog {
        inline-size: 100vw;
        block-size: 100dvh;
        max-block-size: none;
        border-radius: 0;
      }
      .frame {
        display: flex;
        flex: 1;
        flex-direction: column;
        min-inline-size: 0;
      }
      .header {
        display: flex;
        align-items: center;
        gap: var(--cm-space-2);
        padding: var(--cm-space-3) var(--cm-space-3) var(--cm-space-3) var(--cm-space-6);
        border-block-end: 1px solid var(--cm-border);
      }
      h2 {
        flex: 1;
        font: var(--cm-text-lg);
        font-weight: 600;
        text-wrap: balance;
      }
      .body {
        flex: 1;
        padding: var(--cm-space-6);
        overflow: auto;
        overscroll-behavior: contain;
      }
      :host([bare]) .body {
        padding: 0;
      }
      footer {
        padding: var(--cm-space-3) var(--cm-space-6);
        border-block-start: 1px solid var(--cm-border);
      }
      footer ::slotted(*) {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: var(--cm-space-2);
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(8px);
        }
      }
      @media (max-width: 40rem) {
        :host(:not([size='small'])) dialog {
          inline-size: 100vw;
          max-block-size: calc(100dvh - 1.5rem);
          margin-block-end: 0;
          border-end-start-radius: 0;
          border-end-end-radius: 0;
        }
        :host([size='full']) dialog {
          max-block-size: none;
        }
        :host(:not([bare])) .body {
          padding: var(--cm-space-4);
        }
        .header {
          padding-inline-start: var(--cm-space-4);
        }
        footer {
          padding: var(--cm-space-3) var(--cm-space-4) calc(var(--cm-space-3) + env(safe-area-inset-bottom));
        }
      }
    `,
  ];
}

define(CmDialog);

declare global {
  interface HTMLElementTagNameMap {
    'cm-dialog': CmDialog;
  }
}
