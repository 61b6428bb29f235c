import type { Api } from '../api/client.js';
import { countFiles } from '../api/files.js';
import { batched } from './batching.js';

/** A record has another number of files than before. */
export class FilesCountedEvent extends Event {
  constructor(
    readonly entityType: string,
    readonly id: string,
    readonly count: number,
  ) {
    super('counted');
  }
}

/** Numbers of files at one service: questions of one turn are one request for each type. Fires `counted`. */
export class FileCounts extends EventTarget {
  readonly #asks = new Map<string, (id: string) => Promise<number | undefined>>();

  constructor(private readonly api: Api) {
    super();
  }

  /** How many files a record has; 0 for one that does not exist. */
  async of(type: string, id: string): Promise<number> {
    let ask = this.#asks.get(type);
    if (ask === undefined) this.#asks.set(type, (ask = batched((ids) => countFiles(this.api, type, ids))));
    return (await ask(id)) ?? 0;
  }

  /** Somebody knows better: tell everyone who shows it. */
  tell(type: string, id: string, count: number): void {
    this.dispatchEvent(new FilesCountedEvent(type, id, count));
  }
}

const all = new Map<string, FileCounts>();

/** The same for every element of the page that asks the same service as the same person. */
export function fileCounts(api: Api): FileCounts {
  const key = `${api.base} ${api.connection.token ?? ''}`;
  let counts = all.get(key);
  if (counts === undefined) all.set(key, (counts = new FileCounts(api)));
  return counts;
}
