import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { define, MediaElement } from '../../base/index.js';
import { noteTypeOf, writeNote, type NewNote } from '../../api/notes.js';
import { getDocument, restoreDocument, trashDocument } from '../../api/photos.js';
import { announce } from '../../controllers/announce.js';
import { DropTarget } from '../../controllers/drop-target.js';
import { msg, plural, str } from '../../i18n/index.js';
import { each } from '../../state/bulk.js';
import { isTooth, noteDraft, readiness, type Content, type DraftFile, type NoteDraft } from '../../state/note-draft.js';
import { toastProblem, toastUndo } from '../toast-stack/toasts.js';
import { NoteCancelEvent, NoteSavedEvent } from './events.js';
import { foot, textarea, tooth, unsaved, waiting } from './form.js';
import { styles } from './styles.js';
import { attached, failures } from './tiles.js';

type Step = 'writing' | 'awaiting' | 'saving';

/** What `<note-composer>` shows. */
export class Composer extends MediaElement {
  static readonly tag = 'cm-composer';
  static override styles = [...styles];

  @property({ attribute: false }) ownerType = '';
  @property({ attribute: false }) ownerId = '';
  @property({ attribute: false }) patientId = '';
  @property({ attribute: false }) noteType = '';
  @property() label = '';
  @state() step: Step = 'writing';
  @state() private problem: unknown = null;
  @state() faults: { text?: string; tooth?: string } = {};
  @query('textarea') private text!: HTMLTextAreaElement;

  readonly drop = new DropTarget(this, { drop: (files) => this.attach(files), enabled: () => this.attaches });
  draft: NoteDraft | undefined;
  #renewed = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.draft?.addEventListener('change', this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.draft?.removeEventListener('change', this.#changed);
  }

  override focus(): void {
    this.text?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!(['ownerType', 'ownerId', 'noteType', 'client'] as const).some((name) => changed.has(name))) return;
    this.draft?.removeEventListener('change', this.#changed);
    this.draft = this.ownerId ? noteDraft(this.api, { type: this.ownerType, id: this.ownerId }, this.type) : undefined;
    this.draft?.addEventListener('change', this.#changed);
    this.step = 'writing';
    this.problem = null;
    this.faults = {};
  }

  get type(): string {
    return this.noteType || noteTypeOf(this.ownerType);
  }

  get attaches(): boolean {
    return this.patientId !== '' && this.step !== 'saving';
  }

  #changed = (): void => {
    this.requestUpdate();
    if (this.step !== 'awaiting' || !this.draft) return;
    const { state } = readiness(this.draft.rows);
    if (state === 'uploading') return;
    this.step = 'writing';
    if (state === 'ready') this.ask();
  };

  attach(files: readonly File[]): void {
    if (files.length > 0) this.draft?.attach(this.patientId, files);
  }

  #pasted = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || !this.attaches) return;
    event.preventDefault();
    this.attach(files);
  };

  /** Take an uploaded file off the draft: nothing else has it, so it goes to the trash. */
  async takeOff(file: DraftFile): Promise<void> {
    const draft = this.draft;
    if (!draft) return;
    draft.write({ files: draft.content.files.filter(({ id }) => id !== file.id) });
    this.focus();
    await this.#trash([file], msg(str`«${file.title}» está en la papelera.`), () => {
      draft.write({ files: [...draft.content.files, file] });
    });
  }

  async #trash(files: readonly DraftFile[], text: string, back: () => void): Promise<void> {
    const undo = async (): Promise<void> => {
      back();
      const { failed } = await each(files, (file) => restoreDocument(this.api, file.id));
      if (failed[0]) toastProblem(msg('No se ha podido deshacer.'), failed[0].problem);
    };
    const close = toastUndo(text, () => void trashed.then(undo));
    const trashed = each(files, (file) => trashDocument(this.api, file.id));
    const { failed } = await trashed;
    if (!failed[0]) return;
    close();
    const names = failed.map(({ item }) => item.title).join(', ');
    toastProblem(msg(str`Sigue en la ficha del paciente: ${names}.`), failed[0].problem);
  }

  /** Begin anew; what was uploaded for the note goes to the trash. */
  cancel(): void {
    const draft = this.draft;
    if (!draft) return;
    const before: Content | null = draft.isEmpty ? null : draft.clear();
    this.step = 'writing';
    this.problem = null;
    this.faults = {};
    this.dispatchEvent(new NoteCancelEvent());
    if (!before) return;
    void this.#trash(before.files, discardedText(before.files.length), () => {
      const { text, tooth, files } = draft.content; // may have been begun anew
      draft.write({ text: [before.text, text].filter(Boolean).join('\n'), tooth: tooth || before.tooth, files: [...before.files, ...files] });
    });
  }

  #submitted(event: Event): void {
    event.preventDefault();
    this.ask();
  }

  /** Save now, or once the uploads are in. */
  ask(): void {
    if (this.step !== 'writing' || !this.draft || this.#faulty(this.draft.content)) return;
    if (readiness(this.draft.rows).state === 'uploading') {
      this.step = 'awaiting';
      announce(waiting(this.draft));
    } else void this.#save();
  }

  #faulty({ text, tooth }: Content): boolean {
    this.faults = {
      ...(text.trim() === '' ? { text: msg('Escribe la nota antes de guardarla.') } : {}),
      ...(tooth && !isTooth(tooth) ? { tooth: msg('De 11 a 48, o de 51 a 85 en dientes de leche.') } : {}),
    };
    const [first] = Object.keys(this.faults);
    if (first) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#${first}`)?.focus());
    return first !== undefined;
  }

  async #save(): Promise<void> {
    const draft = this.draft;
    if (!draft) return;
    const { text, tooth, files } = draft.content;
    const note: NewNote = {
      note_type: this.type,
      owner_type: this.ownerType,
      owner_id: this.ownerId,
      body: text.trim(),
      attachment_document_ids: files.map(({ id }) => id),
      ...(tooth && this.type === 'diagnosis' ? { tooth_number: Number(tooth) } : {}),
    };
    this.step = 'saving';
    this.problem = null;
    try {
      const saved = await writeNote(this.api, note, draft.keyFor(JSON.stringify(note)));
      draft.clear();
      announce(msg('Nota guardada'));
      this.dispatchEvent(new NoteSavedEvent(saved));
    } catch (problem) {
      this.problem = problem;
    }
    this.step = 'writing';
  }

  /** The signed urls of a draft from before a reload have run out. */
  renew(): void {
    const draft = this.draft;
    if (this.#renewed || !draft) return;
    this.#renewed = true;
    void each(draft.content.files, (file) => getDocument(this.api, file.id)).then(({ done }) => {
      const fresh = new Map(done.map(({ id, title, mime_type, thumb_url }) => [id, { id, title, mime_type, thumb_url }]));
      draft.write({ files: draft.content.files.map((file) => fresh.get(file.id) ?? file) });
    });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { draft } = this;
    if (!draft) return nothing;
    return html`
      <form class=${this.drop.over ? 'over' : ''} novalidate @submit=${this.#submitted} @paste=${this.#pasted}>
        ${textarea(this, draft)} ${this.type === 'diagnosis' ? tooth(this, draft) : nothing} ${attached(this, draft)} ${failures(draft)}
        ${this.problem ? unsaved(this.problem) : nothing} ${foot(this, draft)}
      </form>
    `;
  }
}

function discardedText(files: number): string {
  if (files === 0) return msg('Nota descartada.');
  return plural(files, msg('Nota descartada; su archivo está en la papelera.'), msg(str`Nota descartada; sus ${files} archivos están en la papelera.`));
}

define(Composer);

declare global {
  interface HTMLElementTagNameMap {
    'cm-composer': Composer;
  }
}
