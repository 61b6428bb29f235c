import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { CircleAlert, CloudOff, Files } from 'lucide';
import { define, icon, MediaElement } from '../../base/index.js';
import { listFiles, rulesFor, trashFiles, type FileRules } from '../../api/files.js';
import { explain, isAbort, type Problem } from '../../api/problem.js';
import type { RecordFile } from '../../api/types.js';
import { announce } from '../../controllers/announce.js';
import { Online } from '../../controllers/online.js';
import { Patience } from '../../controllers/patience.js';
import { msg, str } from '../../i18n/index.js';
import { fileCounts } from '../../state/file-counts.js';
import type { Saved } from '../../state/file-uploads.js';
import { emptyState, errorState, slowNotice } from '../../ui/states.js';
import type { FileOperation } from '../file-list/file-list.js';
import '../file-list/rows.js';
import type { FileEditEvent, FileRestoreEvent, FilesDeleteEvent } from '../file-list/events.js';
import '../file-upload-zone/zone.js';
import type { FileZone } from '../file-upload-zone/zone.js';
import type { FileRefusedEvent, FilesStagedEvent, FileUploadedEvent } from '../file-upload-zone/events.js';
import { FileCountChangeEvent, FilesErrorEvent } from './events.js';
import './file-form.js';
import type { FileChangedEvent } from './file-form.js';
import { styles } from './styles.js';
import { offerUndo } from './undo.js';
import { waitingText } from './words.js';

const LOOKING = new Set(['preview', 'download']);
const RENEWED_EVERY = 60_000;

/** What `<document-manager>` shows. */
export class Manager extends MediaElement {
  static readonly tag = 'cm-document-manager';
  static override styles = [...styles];

  @property({ attribute: false }) entityType = '';
  @property({ attribute: false }) entityId = '';
  @property({ reflect: true }) mode: 'view' | 'edit' | 'create' = 'view';
  @property({ type: Boolean }) readonly = false;
  @property({ type: Boolean }) noDelete = false;
  @property() label = '';
  @property({ attribute: false }) rules?: Partial<FileRules> | undefined;
  @property({ attribute: false }) tell: (event: Event) => void = () => undefined;
  @state() private files: readonly RecordFile[] = [];
  @state() private marked: readonly string[] = [];
  @state() private loaded = false;
  @state() private problem: unknown = null;
  @state() private known: FileRules | undefined;
  @state() private waiting = { fine: 0, refused: 0 };
  @state() private kept: readonly { file: RecordFile; problem: Problem }[] = [];
  @state() private edited: RecordFile | undefined;
  @state() private saving: Promise<Saved> | null = null;
  @query('cm-file-zone') private zone!: FileZone | null;

  readonly #patience = new Patience(this);
  readonly #online = new Online(this, () => this.problem && void this.reload());
  #stop = new AbortController();
  #renewed = 0;
  #told = '';

  get changes(): { added: number; removed: number } {
    return { added: this.waiting.fine + this.waiting.refused, removed: this.marked.length };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const service = changed.has('client') || changed.has('apiBase') || changed.has('token');
    if (changed.has('entityType') || service) void this.#askRules();
    if (changed.has('entityType') || changed.has('entityId') || service) this.#begin();
    else if (changed.has('mode') && this.mode === 'view') this.marked = [];
  }

  #begin(): void {
    Object.assign(this, { files: [], marked: [], kept: [], loaded: false, problem: null });
    if (this.entityType && this.entityId) void this.reload();
  }

  async #askRules(): Promise<void> {
    // Without them everything is offered, and the service says what is not possible.
    this.known = this.entityType ? await rulesFor(this.api, this.entityType).catch(() => undefined) : undefined;
  }

  /** Ask the service again what there is. */
  async reload(): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.problem = null;
    this.#patience.begin();
    try {
      this.files = await listFiles(this.api, { type: this.entityType, id: this.entityId }, signal);
      this.loaded = true;
    } catch (problem) {
      if (isAbort(problem) || signal.aborted) return;
      this.problem = problem;
      this.tell(new FilesErrorEvent(problem));
    }
    this.#patience.end();
  }

  protected override updated(): void {
    const { added, removed } = this.changes;
    const now = `${this.loaded} ${this.files.length} ${added} ${removed}`;
    if (now === this.#told || (!this.loaded && added === 0 && this.files.length === 0)) return;
    this.#told = now;
    this.dispatchEvent(new FileCountChangeEvent(this.files.length, added, removed));
    const types = new Set([this.entityType, this.known?.entity_type ?? this.entityType]); // badges may say it either way
    if (this.loaded) for (const type of types) fileCounts(this.api).tell(type, this.entityId, this.files.length);
  }

  /** Delete what is marked, then send what waits. Called while it is still at it, it answers for both at once. */
  save(entityId: string): Promise<Saved> {
    this.saving ??= this.#carryOut(entityId).finally(() => (this.saving = null));
    return this.saving;
  }

  async #carryOut(entityId: string): Promise<Saved> {
    const { deleted, failed } = await this.#delete(); // first: it makes room under the rule on their number
    await this.updateComplete;
    const sent = await (this.zone?.send(entityId) ?? { uploaded: [], failed: [] });
    const outcome = { ...sent, deleted, failed: [...failed, ...sent.failed] };
    const complete = outcome.failed.length === 0;
    if (complete && deleted.length + sent.uploaded.length > 0) announce(msg('Archivos guardados'));
    return { ...outcome, complete };
  }

  async #delete(): Promise<Pick<Saved, 'deleted' | 'failed'>> {
    const files = this.files.filter(({ id }) => this.marked.includes(id));
    if (files.length === 0) return { deleted: [], failed: [] };
    const outcome = await trashFiles(this.api, this.marked).catch((problem: Problem) => new Map(files.map(({ id }) => [id, problem])));
    const kept = files.flatMap((file) => {
      const problem = outcome.get(file.id);
      return problem && problem.code !== 'not_found' ? [{ file, problem }] : [];
    });
    const still = new Set(kept.map(({ file }) => file.id));
    const gone = files.filter(({ id }) => !still.has(id));
    this.files = this.files.filter((file) => !gone.includes(file));
    this.marked = [...still];
    this.kept = kept;
    for (const { problem } of kept) this.tell(new FilesErrorEvent(problem));
    if (gone.length > 0) offerUndo(this.api, gone, () => this.isConnected && void this.reload());
    return { deleted: gone.map(({ id }) => id), failed: kept.map(({ file, problem }) => ({ name: file.file_name, problem })) };
  }

  #mark(files: readonly RecordFile[]): void {
    this.marked = [...new Set([...this.marked, ...files.map(({ id }) => id)])];
    announce(waitingText(this.changes.added, this.marked.length));
  }

  #unmark({ id }: RecordFile): void {
    this.marked = this.marked.filter((one) => one !== id);
    this.kept = this.kept.filter(({ file }) => file.id !== id);
  }

  #arrived({ file }: FileUploadedEvent): void {
    if (this.entityId && file.entity_id !== this.entityId) return;
    this.files = [file, ...this.files.filter(({ id }) => id !== file.id)];
  }

  #changed({ file }: FileChangedEvent): void {
    this.files = this.files.map((one) => (one.id === file.id ? file : one));
  }

  /** The signed urls have run out: ask for new ones. */
  #renew(): void {
    if (Date.now() - this.#renewed < RENEWED_EVERY) return;
    this.#renewed = Date.now();
    void this.reload();
  }

  #allows(operation: string): boolean {
    if (this.readonly && !LOOKING.has(operation)) return false;
    if (this.noDelete && operation === 'delete') return false;
    const allowed = this.rules?.allowed_operations ?? this.known?.allowed_operations;
    return allowed?.includes(operation) ?? true;
  }

  get #operations(): FileOperation[] {
    const offered: FileOperation[] = this.mode === 'edit' ? ['preview', 'download', 'edit', 'delete'] : ['preview', 'download'];
    return offered.filter((operation) => (operation === 'edit' ? !this.readonly : this.#allows(operation)));
  }

  protected override render(): TemplateResult {
    return html`
      <section
        aria-label=${this.label || msg('Archivos')}
        aria-busy=${this.saving !== null}
        @files-delete=${(event: FilesDeleteEvent) => this.#mark(event.files)}
        @file-restore=${(event: FileRestoreEvent) => this.#unmark(event.file)}
        @file-edit=${(event: FileEditEvent) => (this.edited = event.file)}
        @file-uploaded=${(event: FileUploadedEvent) => this.#arrived(event)}
        @file-refused=${(event: FileRefusedEvent) => this.tell(new FilesErrorEvent(event.problem))}
        @files-staged=${(event: FilesStagedEvent) => (this.waiting = { fine: event.waiting, refused: event.refused })}
        @thumbs-lost=${() => this.#renew()}
      >
        ${this.#offline()} ${this.#list()} ${this.#kept()} ${this.#zone()} ${this.#foot()}
      </section>
      <cm-file-form
        .client=${this.api}
        .edited=${this.edited}
        .categories=${this.rules?.categories ?? this.known?.categories ?? []}
        @dialog-close=${() => (this.edited = undefined)}
        @file-changed=${(event: FileChangedEvent) => this.#changed(event)}
      ></cm-file-form>
    `;
  }

  #offline(): TemplateResult | typeof nothing {
    if (this.#online.now || !this.loaded) return nothing;
    return html`
      <p class="notice warning" role="status">${icon(CloudOff)} ${msg('Sin conexión. Ves los archivos que ya estaban cargados.')}</p>
    `;
  }

  #list(): TemplateResult | typeof nothing {
    if (this.problem) {
      const safe = msg('Los archivos guardados están a salvo.');
      return errorState(this.problem, () => void this.reload(), { safe, small: true });
    }
    if (this.files.length === 0) return this.loaded ? this.#empty() : this.#skeleton();
    return html`
      <cm-file-rows
        exportparts="list"
        .client=${this.api}
        .files=${this.files}
        .marked=${this.marked}
        .markedText=${msg('Se eliminará al guardar')}
        .operations=${this.#operations}
        .label=${this.label}
      ></cm-file-rows>
    `;
  }

  #skeleton(): TemplateResult | typeof nothing {
    if (!this.entityId || this.#patience.phase === 'quiet') return nothing;
    return html`
      ${this.#patience.phase === 'slow' ? slowNotice() : nothing}
      <div aria-hidden="true">${[1, 2, 3].map(() => html`<div class="skeleton"></div>`)}</div>
      <p class="sr-only" role="status">${msg('Cargando archivos')}</p>
    `;
  }

  #empty(): TemplateResult | typeof nothing {
    if (this.mode === 'create') return nothing;
    const text = this.#allows('upload') ? msg('Añade el primero aquí abajo.') : undefined;
    return emptyState({ icon: Files, title: msg('Todavía no hay archivos'), text, small: true });
  }

  /** What should have been deleted and was not. */
  #kept(): TemplateResult[] {
    return this.kept.map(
      ({ file, problem }) => html`
        <p class="notice danger" role="alert">
          ${icon(CircleAlert)}<span>${msg(str`«${file.file_name}» no se ha eliminado.`)} ${explain(problem)}</span>
        </p>
      `,
    );
  }

  #zone(): TemplateResult | typeof nothing {
    if (!this.#allows('upload')) return nothing;
    return html`
      <cm-file-zone
        exportparts="zone"
        .client=${this.api}
        .entityType=${this.entityType}
        .entityId=${this.entityId}
        .deferred=${this.mode !== 'view'}
        .disabled=${this.saving !== null}
        .already=${this.files.length - this.marked.length}
        .rules=${this.rules}
      ></cm-file-zone>
    `;
  }

  #foot(): TemplateResult | typeof nothing {
    if (this.mode === 'view') return nothing;
    const { added, removed } = this.changes;
    const text = this.saving ? msg('Guardando…') : waitingText(added - this.waiting.refused, removed) || msg('Sin cambios');
    return html`<p class="foot" part="footer" role="status">${text}</p>`;
  }
}

define(Manager);

declare global {
  interface HTMLElementTagNameMap {
    'cm-document-manager': Manager;
  }
}
