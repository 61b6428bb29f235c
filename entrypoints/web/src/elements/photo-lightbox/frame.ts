import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { ChevronLeft, ChevronRight, Columns2, Download, Images, Info, Pencil, Trash, Unlink2, X, ZoomIn, ZoomOut, type IconNode } from 'lucide';
import { define, icon, MediaElement } from '../../base/index.js';
import { getDocument, pairPhotos, unpairPhoto } from '../../api/photos.js';
import { downloadDocument } from '../../api/saving.js';
import { labelOf } from '../../api/taxonomy.js';
import type { MediaDocument, Taxonomy } from '../../api/types.js';
import { msg, str } from '../../i18n/index.js';
import { bytes, count, day, moment } from '../../ui/format.js';
import { toastProblem, toastUndo } from '../toast-stack/toasts.js';
import { PhotoChangeEvent } from './events.js';
import { frameStyles } from './frame-styles.js';
import './photo-form.js';

/** What a button or key of the frame asks of the lightbox. */
export type FrameAct = 'close' | 'previous' | 'next' | 'larger' | 'smaller' | 'trash' | 'panel' | 'compare' | 'pair';

export class FrameEvent extends Event {
  constructor(readonly act: FrameAct) {
    super('frame-act', { bubbles: true, composed: true });
  }
}

/** What is around the picture: bar, footer, panel with details or the form. */
export class LightboxFrame extends MediaElement {
  static readonly tag = 'cm-lightbox-frame';
  static override styles = [...frameStyles];

  @property({ attribute: false }) photo: MediaDocument | undefined;
  @property({ attribute: false }) taxonomy: Taxonomy | undefined;
  @property({ type: Number }) at = 0;
  @property({ type: Number }) total = 0;
  @property({ type: Boolean }) readonly = false;
  @property({ type: Boolean }) noDelete = false;
  @property({ reflect: true }) panel: 'none' | 'info' | 'edit' = 'none';
  /** Nothing but the picture, after a tap on it. */
  @property({ type: Boolean, reflect: true }) bare = false;
  @state() private downloading = false;

  act(act: FrameAct): void {
    this.dispatchEvent(new FrameEvent(act));
  }

  /** Open or close a side panel; the picture makes room for it. */
  show(panel: LightboxFrame['panel']): void {
    this.panel = panel;
    this.act('panel');
    if (panel !== 'edit') return;
    void this.updateComplete.then(async () => {
      const form = this.renderRoot.querySelector('cm-photo-form');
      await form?.updateComplete;
      form?.focus();
    });
  }

  async download(): Promise<void> {
    const { photo } = this;
    if (!photo || this.downloading) return;
    this.downloading = true;
    try {
      await downloadDocument(this.api, photo.id, photo.original_filename);
    } catch (problem) {
      toastProblem(msg(str`«${photo.title}» no se ha descargado.`), problem, () => void this.download());
    }
    this.downloading = false;
  }

  /** Separate a pair; undo joins it again. */
  async separate(): Promise<void> {
    const { photo } = this;
    const other = photo?.paired_document_id;
    if (!photo || !other) return;
    const before = photo.pair_role === 'before' ? photo.id : other;
    try {
      await unpairPhoto(this.api, photo.id);
      await this.#renew(photo.id, other);
      toastUndo(msg('Las dos fotos ya no son pareja.'), () => {
        void pairPhotos(this.api, photo.id, other, before).then(() => this.#renew(photo.id, other));
      });
    } catch (problem) {
      toastProblem(msg('La pareja sigue como estaba.'), problem, () => void this.separate());
    }
  }

  async #renew(...ids: string[]): Promise<void> {
    const photos = await Promise.all(ids.map((id) => getDocument(this.api, id)));
    this.dispatchEvent(new PhotoChangeEvent('paired', photos));
  }

  protected override render(): TemplateResult | typeof nothing {
    const { photo } = this;
    if (!photo) return nothing;
    return html`
      ${this.#bar(photo)} ${this.#arrows()} ${photo.medium_url ? nothing : this.#pictureless(photo)} ${this.#footer(photo)}
      ${this.panel === 'none' ? nothing : this.#side(photo)}
    `;
  }

  #button(label: string, picture: IconNode, run: () => void, extra: { key?: string; name?: string; pressed?: boolean } = {}): TemplateResult {
    return html`
      <button
        class="button quiet square ${extra.name ?? ''}"
        type="button"
        aria-label=${label}
        aria-keyshortcuts=${extra.key ?? nothing}
        aria-pressed=${extra.pressed ?? nothing}
        data-tip=${label}
        data-tip-at="below"
        @click=${run}
      >
        ${icon(picture)}
      </button>
    `;
  }

  #bar(photo: MediaDocument): TemplateResult {
    const write = !this.readonly;
    const flip = (panel: 'info' | 'edit') => (): void => this.show(this.panel === panel ? 'none' : panel);
    return html`
      <div class="bar" part="bar">
        <p class="place" aria-hidden="true">${count(this.at + 1)} / ${count(this.total)}</p>
        <div class="acts">
          ${this.#button(msg('Reducir'), ZoomOut, () => this.act('smaller'), { key: '-', name: 'wide' })}
          ${this.#button(msg('Ampliar'), ZoomIn, () => this.act('larger'), { key: '+', name: 'wide' })}
          ${photo.paired_document_id
            ? this.#button(msg('Comparar antes y después'), Columns2, () => this.act('compare'), { key: 'c' })
            : write
              ? this.#button(msg('Emparejar con otra foto'), Images, () => this.act('pair'), { key: 'p' })
              : nothing}
          ${photo.paired_document_id && write
            ? this.#button(msg('Separar la pareja'), Unlink2, () => void this.separate(), { name: 'wide' })
            : nothing}
          ${this.#button(msg('Información'), Info, flip('info'), { key: 'i', pressed: this.panel === 'info' })}
          ${write ? this.#button(msg('Editar'), Pencil, flip('edit'), { key: 'e', pressed: this.panel === 'edit' }) : nothing}
          ${this.#button(msg('Descargar'), Download, () => void this.download(), { key: 'd' })}
          ${write && !this.noDelete ? this.#button(msg('Mover a la papelera'), Trash, () => this.act('trash'), { key: 'Delete' }) : nothing}
        </div>
        ${this.#button(msg('Cerrar'), X, () => this.act('close'), { key: 'Escape', name: 'close' })}
      </div>
    `;
  }

  #arrows(): TemplateResult {
    return html`
      <button class="arrow previous" type="button" aria-label=${msg('Anterior')} ?disabled=${this.at === 0} @click=${() => this.act('previous')}>
        ${icon(ChevronLeft)}
      </button>
      <button
        class="arrow next"
        type="button"
        aria-label=${msg('Siguiente')}
        ?disabled=${this.at >= this.total - 1}
        @click=${() => this.act('next')}
      >
        ${icon(ChevronRight)}
      </button>
    `;
  }

  #pictureless(photo: MediaDocument): TemplateResult {
    return html`<p class="pictureless">${msg(str`«${photo.original_filename}» todavía no tiene vista previa.`)}</p>`;
  }

  #kind(photo: MediaDocument): string {
    return photo.media_kind === 'xray' ? msg('Radiografía') : msg('Foto');
  }

  #footer(photo: MediaDocument): TemplateResult {
    const { taxonomy } = this;
    const words = [
      this.#kind(photo),
      photo.media_kind === 'xray' ? '' : labelOf(taxonomy, photo.media_category),
      photo.media_subtype ? labelOf(taxonomy, photo.media_category, photo.media_subtype) : '',
      photo.pair_role === 'before' ? msg('Antes') : photo.pair_role === 'after' ? msg('Después') : '',
      day(photo.captured_at ?? photo.created_at),
    ];
    return html`
      <div class="footer" part="footer">
        <h2>${photo.title}</h2>
        <p class="words">${words.filter(Boolean).join(' · ')}</p>
        ${photo.tags.length
          ? html`<ul class="tags" aria-label=${msg('Etiquetas')}>${photo.tags.map((tag) => html`<li>${tag}</li>`)}</ul>`
          : nothing}
      </div>
    `;
  }

  #side(photo: MediaDocument): TemplateResult {
    const edit = this.panel === 'edit';
    return html`
      <aside part="panel" aria-label=${edit ? msg('Editar') : msg('Información')}>
        <div class="side-head">
          <h3>${edit ? msg('Editar') : msg('Información')}</h3>
          <button class="button quiet square" type="button" aria-label=${msg('Cerrar panel')} @click=${() => this.show('none')}>
            ${icon(X)}
          </button>
        </div>
        ${edit
          ? html`
              <cm-photo-form
                .client=${this.api}
                .photo=${photo}
                .taxonomy=${this.taxonomy}
                @form-close=${() => this.show('none')}
              ></cm-photo-form>
            `
          : this.#facts(photo)}
      </aside>
    `;
  }

  #facts(photo: MediaDocument): TemplateResult {
    const size = photo.width && photo.height ? `${photo.width} × ${photo.height}` : '';
    const rows: [string, string][] = [
      [msg('Archivo'), photo.original_filename],
      [msg('Capturada'), moment(photo.captured_at)],
      [msg('Subida'), moment(photo.created_at)],
      [msg('Por'), photo.uploader.name],
      [msg('Tamaño'), [size, bytes(photo.file_size)].filter(Boolean).join(' · ')],
      [msg('Descripción'), photo.description ?? ''],
      [msg('Antivirus'), photo.scan === 'pending' ? msg('Pendiente de analizar') : ''],
    ];
    return html`
      <dl>
        ${rows.map(([name, value]) => (value ? html`<div><dt>${name}</dt><dd>${value}</dd></div>` : nothing))}
      </dl>
      ${photo.duplicate_of ? html`<p class="notice">${msg('Hay otra foto igual de este paciente.')}</p>` : nothing}
    `;
  }
}

define(LightboxFrame);

declare global {
  interface HTMLElementTagNameMap {
    'cm-lightbox-frame': LightboxFrame;
  }
}
