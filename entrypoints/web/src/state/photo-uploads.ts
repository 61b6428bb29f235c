import type { Api } from '../api/client.js';
import type { MediaDocument, One } from '../api/types.js';
import type { Destination, Fields } from '../api/upload.js';
import { PhotoUploadedEvent } from './photo-uploaded.js';
import { UploadQueue } from './upload-queue.js';
import { totals, type UploadRow } from './uploads.js';

export type PhotoRow = UploadRow<One<MediaDocument>>;

/**
 * The uploads of one patient. They belong to the page, not to an element, so that they survive its navigation. Fires
 * `change`, and `photo-uploaded` for each photo.
 */
export class PhotoUploads extends EventTarget {
  readonly queue: UploadQueue<One<MediaDocument>>;
  readonly #previews = new Map<string, string>();
  /** Dialogs that show these uploads at the moment: while there is one, the tray keeps out of the way. */
  watchers = 0;

  constructor(
    readonly api: Api,
    readonly patient: string,
    /** As people call the patient, for the tray. */
    public name: string,
  ) {
    super();
    this.queue = new UploadQueue(api);
    this.queue.addEventListener('change', () => this.dispatchEvent(new Event('change')));
  }

  get to(): Destination {
    return { target: 'photo', patient_id: this.patient };
  }

  get rows(): readonly PhotoRow[] {
    return this.queue.rows;
  }

  /** Send files; `preview` is an object url that lives as long as the row. */
  send(files: readonly { key: string; file: File; fields: Fields; preview: string }[]): void {
    for (const { key, preview } of files) this.#previews.set(key, preview);
    const jobs = files.map(({ key, file, fields }) => ({ key, file, to: this.to, fields }));
    for (const arrived of this.queue.add(jobs)) {
      void arrived.then(({ data }) => this.dispatchEvent(new PhotoUploadedEvent(data)));
    }
  }

  preview(key: string): string {
    return this.#previews.get(key) ?? '';
  }

  remove(keys: readonly string[]): void {
    for (const key of keys) {
      URL.revokeObjectURL(this.preview(key));
      this.#previews.delete(key);
    }
    this.queue.remove(keys);
  }

  /** Forget what has arrived. */
  clearDone(): void {
    this.remove(this.rows.filter(({ status }) => status === 'done').map(({ id }) => id));
  }

  watch(): () => void {
    this.watchers += 1;
    this.dispatchEvent(new Event('change'));
    return () => {
      this.watchers -= 1;
      this.dispatchEvent(new Event('change'));
    };
  }
}

const all = new Map<string, PhotoUploads>();
const registry = new EventTarget();

/** The uploads of a patient at one service, the same for every element that asks. */
export function photoUploads(api: Api, patient: string, name = ''): PhotoUploads {
  const key = `${api.base} ${patient}`;
  let uploads = all.get(key);
  if (uploads === undefined) {
    uploads = new PhotoUploads(api, patient, name);
    all.set(key, uploads);
    uploads.addEventListener('change', () => registry.dispatchEvent(new Event('change')));
  }
  if (name) uploads.name = name;
  return uploads;
}

/** Every patient's uploads, and a word whenever one of them changes. */
export function everyUpload(changed: (uploads: readonly PhotoUploads[]) => void): () => void {
  const tell = (): void => changed([...all.values()]);
  registry.addEventListener('change', tell);
  return () => registry.removeEventListener('change', tell);
}

addEventListener('beforeunload', (event) => {
  if ([...all.values()].some(({ rows }) => totals(rows).active > 0)) event.preventDefault();
});
