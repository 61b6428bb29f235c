import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { define, MediaElement } from '../../base/index.js';
import { getTaxonomy } from '../../api/taxonomy.js';
import type { Taxonomy } from '../../api/types.js';
import { DropTarget } from '../../controllers/drop-target.js';
import { UploadVoice } from '../../controllers/upload-voice.js';
import { msg, plural, str } from '../../i18n/index.js';
import { PhotoUploadedEvent } from '../../state/photo-uploaded.js';
import { photoUploads, type PhotoUploads } from '../../state/photo-uploads.js';
import { fieldsOf, ready, said, staged, UNSAID, wordsFor, type PhotoWords, type Staged } from '../../state/staged.js';
import { totals } from '../../state/uploads.js';
import { DialogCloseEvent } from '../../ui/dialog.js';
import '../../ui/dialog.js';
import { toast } from '../toast-stack/toasts.js';
import { PhotoShowEvent } from './events.js';
import { InterruptedUploads } from './interrupted.js';
import { pickers } from './pickers.js';
import { failures, uploadRow } from './rows.js';
import { stagedRow } from './staged-row.js';
import { styles } from './styles.js';
import { showTray } from './tray.js';
import './words.js';
import type { PhotoWordsForm, WordsEvent } from './words.js';

/** What `<photo-upload>` shows once it is opened. */
export class UploadDialog extends MediaElement {
  static readonly tag = 'cm-upload-dialog';
  static override styles = [...styles];

  @property({ attribute: false }) patientId = '';
  @property({ attribute: false }) patientName = '';
  @property({ type: Boolean }) open = false;
  @property() category = '';
  @property() subtype = '';
  @property({ attribute: false }) files: readonly File[] = [];
  @state() list: readonly Staged[] = [];
  @state() taxonomy: Taxonomy | undefined;
  @state() expanded: string | null = null;
  @state() words: PhotoWords = UNSAID;
  @state() incomplete = false;

  readonly drop = new DropTarget(this, { drop: (files) => this.add(files), enabled: () => this.open });
  readonly previews = new Map<string, string>();
  readonly #interrupted = new InterruptedUploads(this, () => this.uploads);
  readonly #voice = new UploadVoice();
  #uploads?: PhotoUploads | undefined;
  #stopWatching?: (() => void) | undefined;

  get uploads(): PhotoUploads {
    return photoUploads(this.api, this.patientId, this.patientName);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('paste', this.#pasted);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('paste', this.#pasted);
    this.#follow(undefined);
    this.#watch(false);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (this.patientId && this.isConnected) this.#follow(this.uploads);
    if (changed.has('open') && this.open) this.#begin();
    if (changed.has('files') && this.files.length > 0) this.add(this.files);
    if (changed.has('open')) this.#watch(this.open);
  }

  #begin(): void {
    const kind = this.category === 'xray' ? 'xray' : 'photo';
    if (this.category) this.words = { ...this.words, kind, category: this.category, subtype: this.subtype };
    this.incomplete = false;
    void this.#interrupted.find();
    void getTaxonomy(this.api).then(
      (taxonomy) => (this.taxonomy = taxonomy),
      () => undefined, // keys instead of labels; the upload itself says what is wrong
    );
  }

  #follow(uploads: PhotoUploads | undefined): void {
    if (uploads === this.#uploads) return;
    this.#uploads?.removeEventListener('change', this.#changed);
    this.#uploads?.removeEventListener(PhotoUploadedEvent.type, this.#arrived);
    this.#uploads = uploads;
    uploads?.addEventListener('change', this.#changed);
    uploads?.addEventListener(PhotoUploadedEvent.type, this.#arrived);
  }

  #watch(open: boolean): void {
    if (open) this.#stopWatching ??= this.uploads.watch();
    else {
      this.#stopWatching?.();
      this.#stopWatching = undefined;
    }
  }

  #arrived = (event: Event): void => {
    this.dispatchEvent(new PhotoUploadedEvent((event as PhotoUploadedEvent).photo));
  };

  #changed = (): void => {
    this.requestUpdate();
    if (!this.open) return;
    const { rows } = this.uploads;
    const sum = totals(rows);
    this.#voice.hear(sum);
    const news = rows.some((row) => row.result?.data.duplicate_of) || this.list.length > 0;
    if (sum.files === 0 || sum.done < sum.files || news) return;
    toast({ kind: 'success', text: plural(sum.done, msg('1 foto subida.'), msg(str`${sum.done} fotos subidas.`)) });
    this.close();
  };

  #pasted = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!this.open || files.length === 0) return;
    event.preventDefault();
    this.add(files);
  };

  add(files: readonly File[]): void {
    if (this.#interrupted.length > 0) void this.#interrupted.take(files).then((others) => this.#stage(others));
    else this.#stage(files);
  }

  #stage(files: readonly File[]): void {
    this.list = staged(this.list, files, () => crypto.randomUUID());
    for (const { key, file } of this.list) if (!this.previews.has(key)) this.previews.set(key, URL.createObjectURL(file));
  }

  discard(key: string): void {
    URL.revokeObjectURL(this.previews.get(key) ?? '');
    this.previews.delete(key);
    this.list = this.list.filter((one) => one.key !== key);
  }

  say(key: string, change: Partial<PhotoWords>): void {
    this.list = this.list.map((one) => {
      if (one.key !== key) return one;
      const base = { ...wordsFor(this.words, one.own) };
      const next = said(base, change);
      const own = Object.fromEntries(Object.entries(next).filter(([name, value]) => name in one.own || value !== base[name as keyof PhotoWords]));
      return { ...one, own };
    });
  }

  #send(event: Event): void {
    event.preventDefault();
    for (const form of this.renderRoot.querySelectorAll<PhotoWordsForm>('cm-photo-words')) form.complete();
    const { go, wait } = ready(this.list, this.words);
    if (wait.length > 0 || go.length === 0) {
      this.incomplete = true;
      void this.updateComplete.then(() => this.renderRoot.querySelector<PhotoWordsForm>('cm-photo-words')?.focus());
      return;
    }
    this.uploads.clearDone();
    const files = go.map(({ key, file, own }) => ({ key, file, fields: fieldsOf(wordsFor(this.words, own)), preview: this.previews.get(key) ?? '' }));
    for (const { key } of go) this.previews.delete(key);
    this.list = this.list.filter(({ fault }) => fault !== null);
    this.expanded = null;
    this.incomplete = false;
    showTray();
    this.uploads.send(files);
  }

  close(event?: Event): void {
    event?.stopPropagation();
    if (!this.dispatchEvent(new DialogCloseEvent())) return event?.preventDefault();
    this.open = false;
    if (totals(this.uploads.rows).active === 0) this.uploads.clearDone();
  }

  protected override render(): TemplateResult {
    const heading = this.patientName ? msg(str`Subir fotos de ${this.patientName}`) : msg('Subir fotos');
    return html`
      <cm-dialog size="large" heading=${heading} .open=${this.open} @dialog-close=${(event: Event) => this.close(event)}>
        ${this.open ? this.#body() : nothing}
        <div slot="footer" class="foot">${this.open ? this.#foot() : nothing}</div>
      </cm-dialog>
    `;
  }

  #body(): TemplateResult {
    const { rows } = this.uploads;
    const empty = this.list.length === 0 && rows.length === 0 && this.#interrupted.length === 0;
    return html`
      <form id="form" class="${empty ? 'empty' : ''} ${this.drop.over ? 'over' : ''}" novalidate @submit=${this.#send}>
        ${this.list.length ? this.#forAll() : nothing}
        <div class="files">
          ${failures(this.uploads)}
          <ul>
            ${this.#interrupted.rows()} ${repeat(rows, ({ id }) => id, (row) => uploadRow(this.uploads, row, (id) => this.dispatchEvent(new PhotoShowEvent(id))))}
            ${repeat(this.list, ({ key }) => key, (one) => stagedRow(this, one))}
          </ul>
          ${pickers(this, empty)}
        </div>
      </form>
    `;
  }

  #forAll(): TemplateResult {
    return html`
      <fieldset class="all">
        <legend>${this.list.length > 1 ? msg('Para todas') : msg('Datos de la foto')}</legend>
        <cm-photo-words
          .words=${this.words}
          .taxonomy=${this.taxonomy}
          .incomplete=${this.incomplete}
          @words-change=${(event: WordsEvent) => (this.words = { ...this.words, ...said(this.words, event.change) })}
        ></cm-photo-words>
      </fieldset>
    `;
  }

  #foot(): TemplateResult {
    const { go, wait } = ready(this.list, this.words);
    const n = go.length + wait.length;
    const { active } = totals(this.uploads.rows);
    const lacking = this.incomplete && wait.length > 0 ? plural(wait.length, msg('A 1 foto le falta la categoría.'), msg(str`A ${wait.length} fotos les falta la categoría.`)) : '';
    return html`
      <span class="lacking" role="status">${lacking}</span>
      <button class="button" type="button" @click=${() => this.close()}>
        ${active > 0 ? msg('Seguir en segundo plano') : n > 0 ? msg('Cancelar') : msg('Cerrar')}
      </button>
      ${n > 0 || active === 0
        ? html`
            <button class="button primary" type="submit" form="form" ?disabled=${n === 0}>
              ${n === 0 ? msg('Subir') : plural(n, msg('Subir 1 foto'), msg(str`Subir ${n} fotos`))}
            </button>
          `
        : nothing}
    `;
  }
}

define(UploadDialog);

declare global {
  interface HTMLElementTagNameMap {
    'cm-upload-dialog': UploadDialog;
  }
}
