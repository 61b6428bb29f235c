import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { ChevronDown, ChevronUp, X } from 'lucide';
import { define } from '../../base/define.js';
import { icon } from '../../base/icons.js';
import { buttons, reset, states } from '../../base/styles.js';
import { UploadVoice } from '../../controllers/upload-voice.js';
import { msg, plural, str } from '../../i18n/index.js';
import { updateWhenLocaleChanges } from '@lit/localize';
import { everyUpload, type PhotoUploads } from '../../state/photo-uploads.js';
import { totals } from '../../state/uploads.js';
import { percent } from '../../ui/format.js';
import { toast } from '../toast-stack/toasts.js';
import { failures, uploadRow } from './rows.js';
import { rowStyles } from './styles.js';

/** Uploads whose dialog is closed, in the corner of the page. Hidden while there are none. */
export class UploadTray extends LitElement {
  static readonly tag = 'cm-upload-tray';

  @state() private all: readonly PhotoUploads[] = [];
  @state() private expanded = false;
  #stop?: () => void;
  readonly #voice = new UploadVoice();
  #was = 0;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = everyUpload((all) => {
      this.all = all.filter(({ watchers, rows }) => watchers === 0 && rows.length > 0);
      this.#told();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  get #sum(): ReturnType<typeof totals> {
    return totals(this.all.flatMap(({ rows }) => rows));
  }

  /** Everything has arrived: say so and go. */
  #told(): void {
    const sum = this.#sum;
    this.#voice.hear(sum);
    const ended = this.#was > 0 && sum.active === 0 && sum.failed === 0 && sum.done > 0;
    this.#was = sum.active;
    if (!ended) return;
    toast({ kind: 'success', text: plural(sum.done, msg('1 foto subida.'), msg(str`${sum.done} fotos subidas.`)) });
    for (const uploads of this.all) uploads.clearDone();
  }

  #dismiss(): void {
    for (const uploads of this.all) uploads.remove(uploads.rows.map(({ id }) => id));
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.all.length === 0) return nothing;
    const { active, files, done, failed, share } = this.#sum;
    const text = active > 0 ? msg(str`Subiendo ${done + 1} de ${files} · ${percent(share)}`) : msg(str`${failed} sin subir`);
    return html`
      <section class=${failed > 0 ? 'failed' : ''} aria-label=${msg('Subidas')}>
        <header>
          <button class="button quiet" type="button" aria-expanded=${this.expanded} @click=${() => (this.expanded = !this.expanded)}>
            ${icon(this.expanded ? ChevronDown : ChevronUp)}${text}
          </button>
          ${active > 0
            ? nothing
            : html`
                <button class="button quiet square" type="button" aria-label=${msg('Descartar lo que no se ha subido')} @click=${this.#dismiss}>
                  ${icon(X)}
                </button>
              `}
        </header>
        ${active > 0 ? html`<progress max="1" value=${share} aria-label=${msg('Subida en total')}></progress>` : nothing}
        ${this.expanded || failed > 0 ? this.all.map((uploads) => this.#list(uploads)) : nothing}
      </section>
    `;
  }

  #list(uploads: PhotoUploads): TemplateResult {
    const rows = this.expanded ? uploads.rows : uploads.rows.filter(({ status }) => status === 'failed' || status === 'refused');
    return html`
      <div class="list">
        ${uploads.name ? html`<p class="patient">${uploads.name}</p>` : nothing} ${failures(uploads)}
        <ul>
          ${repeat(rows, ({ id }) => id, (row) => uploadRow(uploads, row, () => undefined))}
        </ul>
      </div>
    `;
  }

  static override styles = [
    reset,
    buttons,
    states,
    rowStyles,
    css`
      :host {
        position: fixed;
        z-index: 1500;
        inset: auto var(--cm-space-4) calc(var(--cm-space-4) + env(safe-area-inset-bottom)) auto;
        inline-size: min(22rem, calc(100vw - 2rem));
      }
      section {
        border: 1px solid var(--cm-border);
        border-radius: var(--cm-radius-3);
        background: var(--cm-surface);
        box-shadow: var(--cm-shadow-2);
        overflow: hidden;
      }
      header {
        display: flex;
        align-items: center;
        padding: var(--cm-space-1);
      }
      header .button:first-child {
        flex: 1;
        justify-content: start;
      }
      header + progress {
        block-size: 3px;
        border-radius: 0;
      }
      .list {
        max-block-size: 40dvh;
        padding: 0 var(--cm-space-3) var(--cm-space-2);
        overflow: auto;
      }
      .patient {
        padding-block: var(--cm-space-2);
        color: var(--cm-text-2);
        font: var(--cm-text-sm);
      }
    `,
  ];
}

define(UploadTray);

/** Make sure that the page has its tray. */
export function showTray(): void {
  if (!document.querySelector(UploadTray.tag)) document.body.append(document.createElement(UploadTray.tag));
}

declare global {
  interface HTMLElementTagNameMap {
    'cm-upload-tray': UploadTray;
  }
}
