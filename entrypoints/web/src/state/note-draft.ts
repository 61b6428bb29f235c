import type { Api } from '../api/client.js';
import type { Owner } from '../api/attachments.js';
import { trashDocument } from '../api/photos.js';
import type { DocumentBrief, MediaDocument, One } from '../api/types.js';
import { stripJob } from './strip-uploads.js';
import { UploadQueue } from './upload-queue.js';
import { totals, type Rows } from './uploads.js';

/** As much of an attached document as the composer shows. */
export type DraftFile = Pick<DocumentBrief, 'id' | 'title' | 'mime_type' | 'thumb_url'>;

export interface Content {
  readonly text: string;
  readonly tooth: string;
  readonly files: readonly DraftFile[];
}

const NOTHING: Content = { text: '', tooth: '', files: [] };
const PREFIX = 'clinic-media note ';

/**
 * `ready`: can be saved. `uploading`: can be saved once `pending` files are in. `failed`: some did not arrive; it can be
 * saved without them.
 */
export type Readiness =
  | { state: 'ready' }
  | { state: 'uploading'; pending: number }
  | { state: 'failed'; names: readonly string[] };

export function readiness(rows: Rows): Readiness {
  const { active, done } = totals(rows);
  // A file that is in leaves the rows as soon as it is part of the note.
  if (active + done > 0) return { state: 'uploading', pending: active + done };
  const names = rows.filter(({ status }) => status === 'failed' || status === 'refused').map(({ name }) => name);
  return names.length > 0 ? { state: 'failed', names } : { state: 'ready' };
}

const QUADRANT = /^(?:[1-4][1-8]|[5-8][1-5])$/;

/** FDI notation: 11 to 48 for permanent teeth, 51 to 85 for deciduous ones. */
export function isTooth(text: string): boolean {
  return QUADRANT.test(text);
}

/**
 * A note that is being written. It belongs to the page, not to an element, so that it survives navigation, and stays in
 * the tab's session storage, so that it survives a reload. Fires `change`.
 */
export class NoteDraft extends EventTarget {
  readonly queue: UploadQueue<One<MediaDocument>>;
  readonly #previews = new Map<string, string>();
  readonly #unwanted = new Set<string>();
  #content: Content;
  #sent = { body: '', key: '' };

  constructor(
    private readonly api: Api,
    readonly owner: Owner,
    private readonly place: string,
  ) {
    super();
    this.queue = new UploadQueue(api);
    this.queue.addEventListener('change', () => this.#tell());
    this.#content = recalled(place);
  }

  get content(): Content {
    return this.#content;
  }

  /** What is on its way, and what did not arrive. */
  get rows(): Rows {
    return this.queue.rows.filter(({ id }) => !this.#unwanted.has(id));
  }

  /** Nothing that would be missed. */
  get isEmpty(): boolean {
    return this.#content.text.trim() === '' && this.#content.files.length === 0 && this.rows.length === 0;
  }

  write(change: Partial<Content>): void {
    this.#content = { ...this.#content, ...change };
    remember(this.place, this.#content);
    this.#tell();
  }

  /** Upload files at once: pictures as clinical reference photos, anything else as documents. */
  attach(patient: string, files: readonly File[]): void {
    const words = { kind: 'photo', category: 'clinical', subtype: 'reference' } as const;
    const jobs = files.map((file) => {
      const { attachAfter: _, fields, ...job } = stripJob(patient, this.owner, file, words, crypto.randomUUID());
      const { owner_type: __, owner_id: ___, ...said } = fields; // the note links them when it is saved
      return { ...job, fields: said };
    });
    for (const { key, file } of jobs) if (file.type.startsWith('image/')) this.#previews.set(key, URL.createObjectURL(file));
    this.queue.add(jobs).forEach((arriving, at) => void arriving.then(({ data }) => this.#arrived(jobs[at]?.key ?? '', data)));
  }

  #arrived(key: string, { id, title, mime_type, thumb_url }: MediaDocument): void {
    if (this.#unwanted.delete(key)) {
      this.queue.remove([key]);
      void trashDocument(this.api, id).catch(() => undefined); // it stays with the patient, where it can be seen
      return;
    }
    this.#content = { ...this.#content, files: [...this.#content.files, { id, title, mime_type, thumb_url }] };
    remember(this.place, this.#content);
    this.discard([key]);
  }

  preview(key: string): string {
    return this.#previews.get(key) ?? '';
  }

  /** Forget files that are not part of the note. One that has gone out whole may be stored: it goes to the trash when it is. */
  discard(keys: readonly string[]): void {
    for (const key of keys) {
      URL.revokeObjectURL(this.preview(key));
      this.#previews.delete(key);
    }
    const out = this.queue.rows.filter(({ id, status, sent, size }) => keys.includes(id) && status === 'sending' && sent >= size);
    for (const { id } of out) this.#unwanted.add(id);
    this.queue.remove(keys.filter((key) => !this.#unwanted.has(key)));
    this.#tell();
  }

  /** Begin anew. What was there comes back. */
  clear(): Content {
    const before = this.#content;
    this.discard(this.rows.map(({ id }) => id));
    this.write(NOTHING);
    return before;
  }

  /** The same as long as the same is sent, so that a second try makes no second note. */
  keyFor(body: string): string {
    if (body !== this.#sent.body) this.#sent = { body, key: crypto.randomUUID() };
    return this.#sent.key;
  }

  #tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}

function recalled(place: string): Content {
  try {
    return { ...NOTHING, ...(JSON.parse(sessionStorage.getItem(PREFIX + place) ?? '{}') as Partial<Content>) };
  } catch {
    return NOTHING; // no storage here, or something else in it
  }
}

function remember(place: string, content: Content): void {
  try {
    if (content.text || content.tooth || content.files.length) sessionStorage.setItem(PREFIX + place, JSON.stringify(content));
    else sessionStorage.removeItem(PREFIX + place);
  } catch {
    // no storage here, or it is full: the draft lives as long as the page
  }
}

const drafts = new Map<string, NoteDraft>();

/** The draft of a record's next note of a type, the same for every element that asks. */
export function noteDraft(api: Api, owner: Owner, noteType: string): NoteDraft {
  const place = `${api.base} ${owner.type} ${owner.id} ${noteType}`;
  let draft = drafts.get(place);
  if (draft === undefined) drafts.set(place, (draft = new NoteDraft(api, owner, place)));
  return draft;
}

/** Another person sits down at this computer. */
export function forgetDrafts(): void {
  drafts.clear();
  try {
    const kept = Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
    for (const key of kept) sessionStorage.removeItem(key);
  } catch {
    // no storage here, so nothing in it
  }
}
