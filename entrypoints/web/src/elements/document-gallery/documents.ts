import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { html as staticHtml, unsafeStatic } from 'lit/static-html.js';
import { property, query, state } from 'lit/decorators.js';
import { CloudOff, FilePlus, Files, FilterX, Search, Upload } from 'lucide';
import { define, icon, MediaElement, nameOf } from '../../base/index.js';
import { DOCUMENT_TYPES, listDocuments, type DocumentQuery } from '../../api/documents.js';
import type { DocumentType, MediaDocument } from '../../api/types.js';
import { DropTarget } from '../../controllers/drop-target.js';
import { Online } from '../../controllers/online.js';
import { PhotoList } from '../../controllers/photo-list.js';
import { RangeWindow } from '../../controllers/range-window.js';
import { msg, str } from '../../i18n/index.js';
import { prepended, replaced } from '../../state/pages.js';
import '../../ui/dialog.js';
import { categoryLabel } from '../../ui/file-words.js';
import { emptyState, errorState, slowNotice } from '../../ui/states.js';
import { FilePreview } from '../file-preview/file-preview.js';
import '../file-upload-zone/zone.js';
import type { DocumentArrivedEvent, FileZone } from '../file-upload-zone/zone.js';
import { cards } from './cards.js';
import './document-form.js';
import type { DocumentEditedEvent } from './document-form.js';
import { DocumentOpenEvent, DocumentsChangedEvent } from './events.js';
import { styles } from './styles.js';

const TYPING = 250;

/** What `<document-gallery>` shows. */
export class Documents extends MediaElement {
  static readonly tag = 'cm-documents';
  static override styles = [...styles];

  @property({ attribute: false }) patientId = '';
  @property({ attribute: false }) patientName = '';
  @property({ type: Boolean }) readonly = false;
  @property({ type: Boolean }) noDelete = false;
  @state() private type: DocumentType | '' = '';
  @state() private text = '';
  @state() private uploading = false;
  @state() private opened: MediaDocument | undefined;
  @state() edited: MediaDocument | undefined;
  @query('cm-file-zone') private zone!: FileZone | null;

  readonly list = new PhotoList<DocumentQuery>(this, listDocuments);
  readonly #online = new Online(this, () => this.list.problem && void this.list.retry());
  readonly #drop = new DropTarget(this, { drop: (files) => void this.#upload(files), enabled: () => !this.readonly && !this.uploading });
  #typing = 0;

  constructor() {
    super();
    new RangeWindow(this, {
      boxes: () => [],
      sentinel: () => this.renderRoot.querySelector<HTMLElement>('.end'),
      end: () => void this.list.more(),
      size: 0,
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!(['patientId', 'client', 'apiBase', 'token'] as const).some((name) => changed.has(name)) || !this.patientId) return;
    Object.assign(this, { type: '', text: '' });
    void this.reload();
  }

  /** Ask the service again what there is. */
  reload(): Promise<void> {
    const { type, text } = this;
    return this.list.start(this.api, this.patientId, { document_type: type || undefined, q: text.trim() || undefined });
  }

  #ask(wait = 0): void {
    clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => void this.reload(), wait);
  }

  get #filtered(): boolean {
    return this.type !== '' || this.text.trim() !== '';
  }

  show(document: MediaDocument): void {
    if (this.dispatchEvent(new DocumentOpenEvent(document))) this.opened = document;
  }

  tell(reason: DocumentsChangedEvent['reason'], documents: readonly MediaDocument[]): void {
    this.dispatchEvent(new DocumentsChangedEvent(reason, documents));
  }

  async focusCard(id: string | null): Promise<void> {
    await this.updateComplete;
    const card = id ? this.renderRoot.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] .open`) : null;
    (card ?? this.renderRoot.querySelector<HTMLElement>('.upload, .rail button'))?.focus();
  }

  async #upload(files: readonly File[] = []): Promise<void> {
    this.uploading = true;
    await this.updateComplete;
    if (files.length > 0) this.zone?.add(files);
  }

  #arrived({ document }: DocumentArrivedEvent): void {
    const shows = (!this.type || document.document_type === this.type) && !this.text.trim() && document.media_kind === 'document';
    if (shows) this.list.show(prepended(this.list.pages, [document]));
    this.tell('added', [document]);
    void this.#closeWhenDone();
  }

  /** Everything is there: nothing is left to be done in the dialog. */
  async #closeWhenDone(): Promise<void> {
    await new Promise((done) => setTimeout(done));
    const uploads = this.zone?.uploads;
    if (uploads && uploads.list.length + uploads.rows.length === 0) this.uploading = false;
  }

  #changed({ document }: DocumentEditedEvent): void {
    this.list.show(replaced(this.list.pages, [document]));
    this.tell('changed', [document]);
  }

  protected override render(): TemplateResult {
    return html`
      <div class="frame">
        ${this.#head()} ${this.#offline()} ${cards(this)} ${this.#beneath()}
        ${this.#drop.over ? html`<div class="drop"><p>${icon(Upload)}${this.#dropText()}</p></div>` : nothing}
      </div>
      ${this.#dialogs()}
    `;
  }

  #head(): TemplateResult {
    const typed = (event: Event): void => {
      this.text = (event.target as HTMLInputElement).value;
      this.#ask(TYPING);
    };
    return html`
      <div class="head">
        <div class="rail" part="rail" role="group" aria-label=${msg('Tipo de documento')}>
          ${this.#chip('', msg('Todos'))} ${DOCUMENT_TYPES.map((type) => this.#chip(type, categoryLabel(type)))}
        </div>
        <div class="tools">
          <div class="search">
            ${icon(Search)}
            <input type="search" aria-label=${msg('Buscar en los documentos')} placeholder=${msg('Buscar')} .value=${this.text} @input=${typed} />
          </div>
          ${this.#uploadButton()}
        </div>
      </div>
    `;
  }

  #chip(type: DocumentType | '', label: string): TemplateResult {
    const pick = (): void => {
      this.type = type;
      this.#ask();
    };
    return html`<button type="button" class="chip" aria-pressed=${this.type === type} @click=${pick}>${label}</button>`;
  }

  #uploadButton(): TemplateResult | typeof nothing {
    if (this.readonly) return nothing;
    return html`
      <button class="button primary upload" type="button" @click=${() => void this.#upload()}>
        ${icon(FilePlus)}<span class="word">${msg('Subir documentos')}</span>
      </button>
    `;
  }

  #dropText(): string {
    return this.patientName ? msg(str`Suelta para añadir a los documentos de ${this.patientName}`) : msg('Suelta para añadir a estos documentos');
  }

  #offline(): TemplateResult | typeof nothing {
    if (this.#online.now || this.list.pages.items.length === 0) return nothing;
    return html`
      <p class="notice warning" role="status">${icon(CloudOff)} ${msg('Sin conexión. Ves los archivos que ya estaban cargados.')}</p>
    `;
  }

  #beneath(): TemplateResult | typeof nothing {
    const { pages, problem, stale, patience } = this.list;
    const empty = pages.items.length === 0;
    if (problem) return errorState(problem, () => void this.list.retry(), { safe: msg('Los archivos guardados están a salvo.') });
    if (empty && !stale && pages.next !== undefined) return this.#nothing();
    return html`
      ${patience.phase === 'slow' ? slowNotice() : nothing}
      ${empty && patience.phase !== 'quiet'
        ? html`
            <div class="cards" aria-hidden="true">${[1, 2, 3, 4].map(() => html`<div class="skeleton"></div>`)}</div>
            <p class="sr-only" role="status">${msg('Cargando documentos')}</p>
          `
        : nothing}
      ${pages.next ? html`<div class="end"></div>` : nothing}
    `;
  }

  #nothing(): TemplateResult {
    if (!this.#filtered) {
      return emptyState({
        icon: Files,
        title: msg('Todavía no hay documentos'),
        text: this.readonly ? undefined : msg('Consentimientos, informes, pólizas: arrástralos aquí o elígelos de tu equipo.'),
        actions: this.#uploadButton(),
      });
    }
    const clear = (): void => {
      Object.assign(this, { type: '', text: '' });
      this.#ask();
    };
    return emptyState({
      icon: FilterX,
      title: msg('Ningún documento así'),
      actions: html`<button class="button" type="button" @click=${clear}>${msg('Ver todos los documentos')}</button>`,
    });
  }

  #dialogs(): TemplateResult {
    const name = this.patientName ? msg(str`Subir documentos de ${this.patientName}`) : msg('Subir documentos');
    return html`
      <cm-dialog heading=${name} .open=${this.uploading} @dialog-close=${() => (this.uploading = false)}>
        <cm-file-zone
          .client=${this.api}
          .patientId=${this.patientId}
          .rules=${{ categories: [...DOCUMENT_TYPES] }}
          @document-arrived=${(event: DocumentArrivedEvent) => this.#arrived(event)}
        ></cm-file-zone>
      </cm-dialog>
      <cm-document-form
        .client=${this.api}
        .edited=${this.edited}
        @dialog-close=${() => (this.edited = undefined)}
        @document-edited=${(event: DocumentEditedEvent) => this.#changed(event)}
      ></cm-document-form>
      ${this.#preview()}
    `;
  }

  #preview(): TemplateResult {
    const tag = unsafeStatic(nameOf(FilePreview));
    return staticHtml`
      <${tag}
        .client=${this.api}
        .file=${this.opened}
        .files=${this.list.pages.items}
        .open=${this.opened !== undefined}
        @dialog-close=${() => (this.opened = undefined)}
      ></${tag}>
    `;
  }
}

define(Documents);

declare global {
  interface HTMLElementTagNameMap {
    'cm-documents': Documents;
  }
}
