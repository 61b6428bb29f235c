import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { CircleAlert, CircleCheck, Info, X } from 'lucide';
import { MediaElement } from '../../base/element.js';
import { icon } from '../../base/icons.js';
import { handled, inText } from '../../controllers/hotkeys.js';
import { msg } from '../../i18n/index.js';
import { styles } from './styles.js';

export interface Toast {
  id: number;
  kind: 'success' | 'error' | 'info';
  text: string;
  undo?: () => void;
  retry?: () => void;
  /** Until it closes by itself; 6 when not given, never for an error. */
  seconds?: number;
}

const ICONS = { success: CircleCheck, error: CircleAlert, info: Info };

/**
 * Messages of the page with undo and retry. Time stands still while the pointer or the focus is on them; Ctrl+Z undoes
 * the last one.
 *
 * @csspart toast - one message
 */
export class ToastStack extends MediaElement {
  static readonly tag = 'toast-stack';
  static override styles = [...styles];

  @state() private toasts: readonly Toast[] = [];

  #last = 0;
  #held = false;
  readonly #left = new Map<number, number>();
  #clock = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#undoLast);
    if (this.#left.size) this.#tick();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#undoLast);
    clearInterval(this.#clock);
    this.#clock = 0;
  }

  /** Show a message; the function that comes back closes it. */
  show(message: Omit<Toast, 'id'>): () => void {
    const id = (this.#last += 1);
    this.toasts = [...this.toasts, { ...message, id }].slice(-4);
    if (message.kind !== 'error') this.#left.set(id, (message.seconds ?? 6) * 1_000);
    this.#tick();
    return () => this.close(id);
  }

  close(id: number): void {
    this.#left.delete(id);
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
    if (this.toasts.length === 0) this.#held = false;
  }

  #tick(): void {
    if (this.#clock) return;
    const step = 250;
    this.#clock = window.setInterval(() => {
      if (this.#held) return;
      for (const [id, left] of this.#left) {
        if (left <= step) this.close(id);
        else this.#left.set(id, left - step);
      }
      if (this.#left.size > 0) return;
      clearInterval(this.#clock);
      this.#clock = 0;
    }, step);
  }

  #undoLast = (event: KeyboardEvent): void => {
    const last = this.toasts.findLast((toast) => toast.undo);
    if (last && !inText(event)) handled(event, { 'Mod+z': () => this.#act(last, last.undo) });
  };

  #act(toast: Toast, action?: () => void): void {
    this.close(toast.id);
    action?.();
  }

  #hold = (event: Event): void => {
    this.#held = event.type === 'pointerenter' || event.type === 'focusin' || this.matches(':hover, :focus-within');
  };

  protected override render(): TemplateResult {
    return html`
      <section
        aria-label=${msg('Mensajes')}
        ?hidden=${this.toasts.length === 0}
        @pointerenter=${this.#hold}
        @pointerleave=${this.#hold}
        @focusin=${this.#hold}
        @focusout=${this.#hold}
      >
        ${repeat(this.toasts, (toast) => toast.id, (toast) => this.#one(toast))}
      </section>
    `;
  }

  #one(toast: Toast): TemplateResult {
    return html`
      <div class="toast ${toast.kind}" part="toast">
        ${icon(ICONS[toast.kind])}
        <p>${toast.text}</p>
        ${toast.undo
          ? html`<button class="link" type="button" @click=${() => this.#act(toast, toast.undo)}>${msg('Deshacer')}</button>`
          : nothing}
        ${toast.retry
          ? html`<button class="link" type="button" @click=${() => this.#act(toast, toast.retry)}>${msg('Reintentar')}</button>`
          : nothing}
        <button class="close" type="button" aria-label=${msg('Cerrar mensaje')} @click=${() => this.close(toast.id)}>
          ${icon(X)}
        </button>
      </div>
    `;
  }
}
