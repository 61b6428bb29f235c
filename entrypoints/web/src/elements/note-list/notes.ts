import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { html as staticHtml, unsafeStatic } from 'lit/static-html.js';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { define, MediaElement, nameOf } from '../../base/index.js';
import { deleteNote, listNotes, recentNotes, reviseNote } from '../../api/notes.js';
import { getDocument } from '../../api/photos.js';
import { isAbort } from '../../api/problem.js';
import type { Attachment, MediaDocument, Note, Page } from '../../api/types.js';
import { Patience } from '../../controllers/patience.js';
import { msg } from '../../i18n/index.js';
import '../../ui/dialog.js';
import { errorState, slowNotice } from '../../ui/states.js';
import { PhotoLightbox } from '../photo-lightbox/photo-lightbox.js';
import { toastProblem } from '../toast-stack/toasts.js';
import { NotesChangeEvent } from './events.js';
import { noteItem } from './one.js';
import { styles } from './styles.js';

/** What `<note-list>` shows. */
export class Notes extends MediaElement {
  static readonly tag = 'cm-notes';
  static override styles = [...styles];

  @property({ attribute: false }) ownerType = '';
  @property({ attribute: false }) ownerId = '';
  @property({ attribute: false }) patientId = '';
  @property({ attribute: false }) userId = '';
  @property({ type: Boolean }) admin = false;
  /** The note whose text is being changed. */
  @state() editing: string | null = null;
  /** The note that is about to be deleted. */
  @state() doomed: Note | null = null;
  @state() private notes: readonly Note[] = [];
  @state() private next: string | null | undefined;
  @state() private problem: unknown = null;
  @state() private shown: readonly MediaDocument[] = [];
  @state() private opened: string | null = null;

  readonly patience = new Patience(this);
  #total = 0;
  #stop = new AbortController();
  #renewed = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const other = (['ownerType', 'ownerId', 'patientId', 'client'] as const).some((name) => changed.has(name));
    if (!other || !(this.ownerId || this.patientId)) return;
    this.notes = [];
    this.next = undefined;
    void this.reload();
  }

  /** Ask the service again, from the newest. */
  async reload(): Promise<void> {
    await this.#load(undefined);
  }

  async #load(cursor: string | undefined): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.problem = null;
    this.patience.begin();
    try {
      const page = await this.#page(cursor, signal);
      this.next = page.next_cursor;
      this.#show(cursor ? [...this.notes, ...page.data] : page.data, page.total);
    } catch (problem) {
      if (isAbort(problem) || signal.aborted) return;
      this.problem = problem;
    }
    this.patience.end();
  }

  #page(cursor: string | undefined, signal: AbortSignal): Promise<Page<Note>> {
    const owner = { type: this.ownerType, id: this.ownerId };
    return owner.id ? listNotes(this.api, owner, cursor, signal) : recentNotes(this.api, this.patientId, cursor, signal);
  }

  #show(notes: readonly Note[], total: number): void {
    this.notes = notes;
    this.#total = total;
    this.dispatchEvent(new NotesChangeEvent(notes, total));
  }

  /** Show a note that was written just now. */
  add(note: Note): void {
    if (!this.notes.some(({ id }) => id === note.id)) this.#show([note, ...this.notes], this.#total + 1);
  }

  mayChange(note: Note): boolean {
    return this.admin || (this.userId !== '' && note.author.id === this.userId);
  }

  edit(id: string | null): void {
    this.editing = id;
    if (id) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.editing textarea')?.focus());
  }

  async revise(note: Note, body: string): Promise<void> {
    if (body === '') return;
    try {
      const revised = await reviseNote(this.api, note, body);
      this.editing = null;
      this.#show(this.notes.map((one) => (one.id === note.id ? revised : one)), this.#total);
    } catch (problem) {
      toastProblem(msg('La nota no se ha guardado; el texto sigue aquí.'), problem);
    }
  }

  async #remove(note: Note): Promise<void> {
    this.doomed = null;
    try {
      await deleteNote(this.api, note);
      this.#show(this.notes.filter(({ id }) => id !== note.id), this.#total - 1);
    } catch (problem) {
      toastProblem(msg('La nota sigue aquí.'), problem, () => void this.#remove(note));
    }
  }

  async open(note: Note, one: Attachment): Promise<void> {
    if (!one.document.medium_url) {
      window.open(this.api.link(one.document.full_url), '_blank', 'noopener');
      return;
    }
    const pictures = note.attachments.filter(({ document }) => document.medium_url);
    try {
      this.shown = await Promise.all(pictures.map(({ document_id: id }) => getDocument(this.api, id)));
      this.opened = one.document_id;
    } catch (problem) {
      toastProblem(msg('La foto no se puede mostrar.'), problem, () => void this.open(note, one));
    }
  }

  /** The signed urls have run out: ask for new ones, not more often than once a minute. */
  renew(): void {
    if (Date.now() - this.#renewed < 60_000) return;
    this.#renewed = Date.now();
    void this.reload();
  }

  protected override render(): TemplateResult {
    const waiting = this.next === undefined && this.problem === null;
    return html`
      <ul aria-label=${msg('Notas')} aria-busy=${waiting}>
        ${repeat(this.notes, ({ id }) => id, (note) => noteItem(this, note))}
      </ul>
      ${waiting && this.patience.phase !== 'quiet'
        ? html`<div class="skeleton line short"></div><div class="skeleton line"></div>`
        : nothing}
      ${this.patience.phase === 'slow' ? slowNotice() : nothing}
      ${this.next === null && this.notes.length === 0 ? html`<p class="none">${msg('Todavía no hay notas.')}</p>` : nothing}
      ${this.problem ? errorState(this.problem, () => void this.#load(this.next ?? undefined), { small: true }) : nothing}
      ${this.next && !this.problem
        ? html`<button class="button quiet more" type="button" @click=${() => void this.#load(this.next ?? undefined)}>${msg('Ver más notas')}</button>`
        : nothing}
      ${this.#confirmation()} ${this.#lightbox()}
    `;
  }

  #confirmation(): TemplateResult {
    const { doomed } = this;
    const close = (event?: Event): void => {
      event?.preventDefault();
      this.doomed = null;
    };
    return html`
      <cm-dialog size="small" heading=${msg('¿Eliminar esta nota?')} .open=${doomed !== null} @dialog-close=${close}>
        <p>${msg('Sus fotos y documentos se quedan en la ficha del paciente. El texto no se puede recuperar.')}</p>
        <div slot="footer">
          <button class="button" type="button" @click=${close}>${msg('Cancelar')}</button>
          <button class="button danger" type="button" @click=${() => doomed && void this.#remove(doomed)}>${msg('Eliminar')}</button>
        </div>
      </cm-dialog>
    `;
  }

  #lightbox(): TemplateResult {
    const tag = unsafeStatic(nameOf(PhotoLightbox));
    return staticHtml`
      <${tag}
        .client=${this.api}
        .photos=${this.shown}
        .open=${this.opened}
        .thumbOf=${(id: string) => this.renderRoot.querySelector<HTMLElement>(`[data-document="${CSS.escape(id)}"]`)}
        @lightbox-close=${() => (this.opened = null)}
      ></${tag}>
    `;
  }
}

define(Notes);

declare global {
  interface HTMLElementTagNameMap {
    'cm-notes': Notes;
  }
}
