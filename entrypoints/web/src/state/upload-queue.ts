import type { Api } from '../api/client.js';
import { isAbort, noAnswer, Problem } from '../api/problem.js';
import { multipart, type Transport, type UploadJob } from '../api/upload.js';
import { after, type Rows, type UploadEvent, type UploadRow } from './uploads.js';

interface Entry<Result> {
  job: UploadJob;
  resolve: (result: Result) => void;
  stop?: AbortController;
}

/** Rows changed. */
export class UploadsChangedEvent extends Event {
  constructor(readonly event: UploadEvent) {
    super('change');
  }
}

/**
 * Files on their way to the service, a few at a time. It knows no element, so it outlives the dialog that filled it.
 * Fires `change`. What was interrupted by a lost connection goes on by itself.
 */
export class UploadQueue<Result = unknown> extends EventTarget {
  #rows: Rows<Result> = [];
  readonly #entries = new Map<string, Entry<Result>>();

  constructor(
    readonly api: Api,
    private readonly atOnce = 3,
    private readonly transport: Transport = multipart,
  ) {
    super();
    globalThis.addEventListener('online', () => this.#apply({ type: 'reconnected' }));
  }

  get rows(): Rows<Result> {
    return this.#rows;
  }

  /** Queue jobs; each promise resolves with the answer's JSON once its file is in, however many tries it takes. */
  add(jobs: readonly UploadJob[]): Promise<Result>[] {
    const promises = jobs.map(
      (job) => new Promise<Result>((resolve) => this.#entries.set(job.key, { job, resolve })),
    );
    this.#apply({ type: 'added', rows: jobs.map((job) => ({ id: job.key, name: job.file.name, size: job.file.size })) });
    return promises;
  }

  retry(ids: readonly string[]): void {
    this.#apply({ type: 'retried', ids });
  }

  /** Stop and forget rows; what is already in the service stays there. */
  remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.#entries.get(id)?.stop?.abort();
      this.#entries.delete(id);
    }
    this.#apply({ type: 'removed', ids });
  }

  job(id: string): UploadJob | undefined {
    return this.#entries.get(id)?.job;
  }

  #apply(event: UploadEvent<Result>): void {
    this.#rows = after(this.#rows, event);
    this.dispatchEvent(new UploadsChangedEvent(event));
    if (event.type !== 'progressed') this.#fill();
  }

  #fill(): void {
    const sending = this.#rows.filter((row) => row.status === 'sending').length;
    const next = this.#rows.filter((row) => row.status === 'waiting').slice(0, Math.max(0, this.atOnce - sending));
    for (const row of next) void this.#send(row);
  }

  async #send(row: UploadRow<Result>): Promise<void> {
    const entry = this.#entries.get(row.id);
    if (entry === undefined) return;
    const stop = (entry.stop = new AbortController());
    this.#rows = after(this.#rows, { type: 'started', id: row.id });
    this.dispatchEvent(new UploadsChangedEvent({ type: 'started', id: row.id }));
    const progress = (sent: number): void => this.#apply({ type: 'progressed', id: row.id, sent });
    try {
      const result = (await this.transport(this.api, entry.job, { progress, signal: stop.signal })) as Result;
      this.#apply({ type: 'finished', id: row.id, result });
      entry.resolve(result);
    } catch (error) {
      if (isAbort(error)) return;
      const problem = error instanceof Problem ? error : noAnswer();
      this.#apply({ type: 'stopped', id: row.id, problem, online: navigator.onLine });
    }
  }
}
