import type { Api } from '../api/client.js';
import type { RecordFile } from '../api/types.js';
import { upload, type Transport, type UploadJob } from '../api/upload.js';
import { stagedFiles, type StagedFile } from './staged-files.js';
import { UploadQueue, type UploadsChangedEvent } from './upload-queue.js';
import { totals, type UploadRow } from './uploads.js';

/** What became of files that were to be sent. */
export interface Sent<Result = RecordFile> {
  uploaded: Result[];
  /** They still wait: sent again, each of them goes once. */
  failed: { name: string; problem: unknown }[];
}

/** What became of everything that was marked and queued. */
export interface Saved extends Sent {
  /** Ids of those that are in the trash now. */
  deleted: string[];
  complete: boolean;
}

/** Where a file goes and what is said of it, in the words of the route. */
export type Addressed = (staged: StagedFile) => Pick<UploadJob, 'to' | 'fields'>;

/** A file is in the service. */
export class ArrivedEvent<Result> extends Event {
  constructor(readonly result: Result) {
    super('arrived');
  }
}

const PICTURE = /^image\/(jpeg|png|webp|gif|bmp)$/;
const MOVING = new Set(['waiting', 'sending', 'pausing']);
const underWay = new Set<object>();

/**
 * Files that were chosen for a record, and those on their way to it. They outlive the element that shows them. Fires
 * `change`, and `arrived` for each file.
 */
export class FileUploads<Result = unknown> extends EventTarget {
  list: readonly StagedFile[] = [];
  readonly #queue: UploadQueue<Result>;
  readonly #previews = new Map<string, string>();
  #arrived: Result[] = [];

  constructor(api: Api, transport: Transport = upload) {
    super();
    this.#queue = new UploadQueue<Result>(api, 3, transport);
    this.#queue.addEventListener('change', (event) => this.#moved((event as UploadsChangedEvent).event));
  }

  get rows(): readonly UploadRow<Result>[] {
    return this.#queue.rows;
  }

  add(files: readonly File[]): void {
    this.list = stagedFiles(this.list, files, () => crypto.randomUUID());
    for (const { key, file } of this.list) {
      if (!this.#previews.has(key)) this.#previews.set(key, PICTURE.test(file.type) ? URL.createObjectURL(file) : '');
    }
    this.#changed();
  }

  say(key: string, change: Partial<Pick<StagedFile, 'description' | 'category'>>): void {
    this.list = this.list.map((one) => (one.key === key ? { ...one, ...change } : one));
    this.#changed();
  }

  /** Take back files that wait, failed or are on their way; what is in the service already stays there. */
  discard(keys: readonly string[]): void {
    this.list = this.list.filter(({ key }) => !keys.includes(key));
    this.#queue.remove(keys);
    for (const key of keys) {
      URL.revokeObjectURL(this.preview(key));
      this.#previews.delete(key);
    }
  }

  retry(keys: readonly string[]): void {
    this.#queue.retry(keys);
  }

  /** A picture of the file; '' where the browser cannot draw it. */
  preview(key: string): string {
    return this.#previews.get(key) ?? '';
  }

  /**
   * Send what waits, but for what is held back, and what failed before; a file that arrived goes never again. Resolves
   * when nothing moves any more: what has no connection goes on by itself when it is back.
   */
  async send(address: Addressed, held: ReadonlySet<string> = new Set()): Promise<Sent<Result>> {
    const go = this.list.filter(({ key }) => !held.has(key));
    this.list = this.list.filter(({ key }) => held.has(key));
    this.#queue.retry(this.rows.map(({ id }) => id));
    this.#queue.add(go.map((one) => ({ key: one.key, file: one.file, ...address(one) })));
    await this.#rest();
    const failed = this.rows.filter(({ status }) => status !== 'done').map(({ name, problem }) => ({ name, problem }));
    return { uploaded: this.#arrived.splice(0), failed };
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#moving) return;
        this.removeEventListener('change', look);
        resolve();
      };
      this.addEventListener('change', look);
      look();
    });
  }

  get #moving(): boolean {
    return this.rows.some(({ status }) => MOVING.has(status));
  }

  #moved(event: UploadsChangedEvent['event']): void {
    if (event.type === 'finished') {
      this.#arrived.push(event.result as Result);
      this.dispatchEvent(new ArrivedEvent(event.result as Result));
      if (!this.#moving) queueMicrotask(() => this.#tidy());
    }
    this.#changed();
  }

  /** What arrived is not shown as an upload any longer. */
  #tidy(): void {
    const done = this.rows.filter(({ status }) => status === 'done').map(({ id }) => id);
    if (done.length > 0) this.discard(done);
  }

  #changed(): void {
    if (totals(this.rows).active > 0) underWay.add(this);
    else underWay.delete(this);
    this.dispatchEvent(new Event('change'));
  }
}

addEventListener('beforeunload', (event) => {
  if (underWay.size > 0) event.preventDefault();
});
