import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { FolderOpen, Upload } from 'lucide';
import { define, icon, MediaElement } from '../../base/index.js';
import { rulesFor, type FileRules } from '../../api/files.js';
import { Problem } from '../../api/problem.js';
import type { MediaDocument, One, RecordFile } from '../../api/types.js';
import { announce } from '../../controllers/announce.js';
import { DropTarget } from '../../controllers/drop-target.js';
import { UploadVoice } from '../../controllers/upload-voice.js';
import { msg, plural, str } from '../../i18n/index.js';
import { FileUploads, type Addressed, type ArrivedEvent, type Sent } from '../../state/file-uploads.js';
import { faults, NO_LIMITS, type FileFault, type Limits } from '../../state/staged-files.js';
import { totals } from '../../state/uploads.js';
import { toast, toastProblem } from '../toast-stack/toasts.js';
import { FileRefusedEvent, FilesStagedEvent, FileUploadedEvent } from './events.js';
import { stagedRow, uploadRow } from './rows.js';
import { styles } from './styles.js';
import { chosenText, faultText, limitsText, SPOKEN, uploadedText } from './words.js';

type Result = RecordFile | One<MediaDocument>;

/** A document of a patient is in the service. */
export class DocumentArrivedEvent extends Event {
  constructor(readonly document: MediaDocument) {
    super('document-arrived');
  }
}

/** What `<file-upload-zone>` shows; with `patientId` the files become documents of a patient instead. */
export class FileZone extends MediaElement {
  static readonly tag = 'cm-file-zone';
  static override styles = [...styles];

  @property({ attribute: false }) entityType = '';
  @property({ attribute: false }) entityId = '';
  @property({ attribute: false }) patientId = '';
  @property({ type: Boolean }) deferred = false;
  @property({ type: Boolean }) disabled = false;
  @property({ type: Number }) already = 0;
  @property({ attribute: false }) rules?: Partial<FileRules> | undefined;
  @state() private known: FileRules | undefined;

  readonly drop = new DropTarget(this, { drop: (files) => this.add(files), enabled: () => !this.disabled });
  readonly #voice = new UploadVoice(SPOKEN);
  #uploads: FileUploads<Result> | undefined;
  faults: ReadonlyMap<string, FileFault> = new Map();
  #told = '';

  get uploads(): FileUploads<Result> {
    if (this.#uploads) return this.#uploads;
    const uploads = (this.#uploads = new FileUploads<Result>(this.api));
    uploads.addEventListener('change', this.#changed);
    uploads.addEventListener('arrived', this.#arrived);
    return uploads;
  }

  get limits(): Limits {
    return { ...NO_LIMITS, ...this.known, ...this.rules };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if ((['entityType', 'client', 'patientId'] as const).some((name) => changed.has(name))) void this.#ask();
    if (changed.has('entityId') && changed.get('entityId') && !this.deferred) this.#leave();
    const moving = this.uploads.rows.filter(({ status }) => status !== 'done').length;
    this.faults = faults(this.uploads.list, this.limits, this.already + moving);
  }

  protected override updated(): void {
    const { list } = this.uploads;
    const now = `${list.length + this.uploads.rows.length} ${this.faults.size}`;
    if (now === this.#told) return;
    this.#told = now;
    this.dispatchEvent(new FilesStagedEvent(list.length - this.faults.size + this.uploads.rows.length, this.faults.size));
  }

  async #ask(): Promise<void> {
    const type = this.patientId ? 'patient' : this.entityType;
    // Without the rules the service still holds to them and says which one was broken.
    this.known = type ? await rulesFor(this.api, type).catch(() => undefined) : undefined;
  }

  /** Another record: what is on its way goes on without being shown here. */
  #leave(): void {
    this.#uploads?.removeEventListener('change', this.#changed);
    this.#uploads?.removeEventListener('arrived', this.#arrived);
    this.#uploads = undefined;
  }

  #changed = (): void => {
    this.#voice.hear(totals(this.uploads.rows));
    this.requestUpdate();
  };

  #arrived = (event: Event): void => {
    const { result } = event as ArrivedEvent<Result>;
    this.dispatchEvent(isFile(result) ? new FileUploadedEvent(result) : new DocumentArrivedEvent(result.data));
  };

  add(files: readonly File[]): void {
    if (this.disabled) return;
    this.uploads.add(files);
    void this.updateComplete.then(() => announce(chosenText(files.length, this.faults.size)));
  }

  discard(key: string): void {
    this.uploads.discard([key]);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.row button, input[type="file"]')?.focus());
  }

  clear(): void {
    const { list, rows } = this.uploads;
    this.uploads.discard([...list.map(({ key }) => key), ...rows.map(({ id }) => id)]);
  }

  /** Send what no rule keeps back. */
  async send(entityId: string): Promise<Sent> {
    const { uploads } = this;
    await this.updateComplete;
    const kept = uploads.list.filter(({ key }) => this.faults.has(key));
    const { uploaded, failed } = await uploads.send(this.#address(entityId), new Set(this.faults.keys()));
    for (const { name, problem } of failed) this.dispatchEvent(new FileRefusedEvent(name, problem));
    if (!this.isConnected) this.#tellPage(uploaded.length, failed);
    return {
      uploaded: uploaded.filter(isFile),
      failed: [...failed, ...kept.map((one) => ({ name: one.file.name, problem: this.#rule(one) }))],
    };
  }

  #rule(one: FileUploads['list'][number]): Problem {
    return new Problem(422, 'rule_violated', faultText(this.faults.get(one.key) ?? 'type', one, this.limits));
  }

  #address(entityId: string): Addressed {
    if (this.patientId) {
      const to = { target: 'document', patient_id: this.patientId } as const;
      return ({ file, description, category }) => {
        return { to, fields: { document_type: category || 'other', title: file.name.replace(/(.)\.[^.]+$/, '$1'), description } };
      };
    }
    const to = { target: 'file', entity_type: this.entityType, entity_id: entityId } as const;
    return ({ description, category }) => ({ to, fields: { description: description.trim(), category } });
  }

  /** The element is gone, as when its dialog was closed: the page says how it went. */
  #tellPage(done: number, failed: Sent['failed']): void {
    if (done > 0) toast({ kind: 'success', text: uploadedText(done) });
    for (const { name, problem } of failed) {
      toastProblem(msg(str`«${name}» no se ha subido.`), problem, () => void this.send(this.entityId));
    }
  }

  #picked = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    this.add([...(input.files ?? [])]);
    input.value = ''; // so that the same file can be picked again
  };

  protected override render(): TemplateResult {
    const { list, rows } = this.uploads;
    const some = list.length + rows.length > 0;
    return html`
      <div class="zone ${this.drop.over ? 'over' : ''} ${some ? 'some' : ''}" part="zone">
        ${this.#picker()}
        <p class="formats" id="limits">${this.drop.over ? msg('Suelta para añadir') : limitsText(this.limits, this.already)}</p>
      </div>
      ${some
        ? html`
            <ul aria-label=${msg('Archivos por subir')}>
              ${repeat(rows, ({ id }) => id, (row) => uploadRow(this, row))} ${repeat(list, ({ key }) => key, (one) => stagedRow(this, one))}
            </ul>
          `
        : nothing}
      ${this.#go()}
    `;
  }

  #picker(): TemplateResult {
    return html`
      <p class="hint">${icon(Upload)}${msg('Arrastra aquí archivos, o')}</p>
      <label class="button" aria-disabled=${this.disabled}>
        ${icon(FolderOpen)}${msg('Elegir archivos')}
        <input
          class="sr-only"
          type="file"
          multiple
          aria-describedby="limits"
          accept=${this.limits.accepted_types.join(',') || nothing}
          ?disabled=${this.disabled}
          @change=${this.#picked}
        />
      </label>
    `;
  }

  #go(): TemplateResult | typeof nothing {
    const n = this.uploads.list.length - this.faults.size;
    if (this.deferred || n <= 0) return nothing;
    return html`
      <div class="go">
        <button class="button primary" type="button" ?disabled=${this.disabled} @click=${() => void this.send(this.entityId)}>
          ${icon(Upload)}${plural(n, msg('Subir 1 archivo'), msg(str`Subir ${n} archivos`))}
        </button>
      </div>
    `;
  }
}

function isFile(result: Result): result is RecordFile {
  return !('data' in result);
}

define(FileZone);

declare global {
  interface HTMLElementTagNameMap {
    'cm-file-zone': FileZone;
  }
  interface HTMLElementEventMap {
    'document-arrived': DocumentArrivedEvent;
  }
}
