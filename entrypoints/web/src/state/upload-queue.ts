import type { Api } from '../api/client.js';
import { isAbort, noAnswer, Problem } from '../api/problem.js';
import { abandon, upload, type Transport, type UploadJob } from '../api/upload.js';
import { after, type Rows, type UploadEvent, type UploadRow } from './uploads.js';

interface Entry<Result> {
  job: UploadJob;
  resolve: (result: Result) => void;
  stop?: AbortController;
  tries: number;
  /** Bytes that the service has had at the best of times. */
  furthest: number;
}

/** Milliseconds until a file is sent again by itself, after the first, second … time that the service was away. */
const PAUSES = [1_000, 3_000, 9_000];

const INTERRUPTED = new Set(['waiting', 'pausing', 'offline', 'failed']);

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
    private readonly transport: Transport = upload,
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
      (job) => new Promise<Result>((resolve) => this.#entries.set(job.key, { job, resolve, tries: 0, furthest: 0 })),
    );
    this.#apply({ type: 'added', rows: jobs.map((job) => ({ id: job.key, name: job.file.name, size: job.file.size })) });
    return promises;
  }

  retry(ids: readonly string[]): void {
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (entry) entry.tries = 0;
    }
    this.#apply({ type: 'retried', ids });
  }

  /** Stop and forget rows; what has become a document already stays. */
  remove(ids: readonly string[]): void {
    const idle = new Set(this.#rows.filter(({ status }) => INTERRUPTED.has(status)).map(({ id }) => id));
    for (const id of ids) {
      const entry = this.#entries.get(id);
      entry?.stop?.abort();
      if (entry && idle.has(id)) void abandon(this.api, entry.job);
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
    const progress = (sent: number): void => {
      if (sent > entry.furthest) Object.assign(entry, { furthest: sent, tries: 0 });
      this.#apply({ type: 'progressed', id: row.id, sent });
    };
    try {
      const result = (await this.transport(this.api, entry.job, { progress, signal: stop.signal })) as Result;
      this.#apply({ type: 'finished', id: row.id, result });
      entry.resolve(result);
    } catch (error) {
      if (isAbort(error)) return;
      this.#stopped(row.id, entry, error instanceof Problem ? error : noAnswer());
    }
  }

  #stopped(id: string, entry: Entry<Result>, problem: Problem): void {
    const pause = PAUSES[entry.tries];
    entry.tries += 1;
    this.#apply({ type: 'stopped', id, problem, online: navigator.onLine, again: pause !== undefined });
    if (pause === undefined) return;
    setTimeout(() => {
      if (this.#rows.some((row) => row.id === id && row.status === 'pausing')) this.#apply({ type: 'retried', ids: [id] });
    }, Math.max(pause, (problem.retryAfter ?? 0) * 1_000));
  }
}
