import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Api } from '../api/client.js';
import { listPhotos } from '../api/photos.js';
import type { MediaDocument } from '../api/types.js';
import type { Pages } from '../state/pages.js';
import { queryOf, refined, type Filter } from '../state/filter.js';

/** How many photos each category has under the other restrictions; the key '' is all of them. */
export type Counts = ReadonlyMap<string, number>;

/** Counted here when everything is loaded, otherwise by the totals of pages of one. */
export class CategoryCounts implements ReactiveController {
  counts: Counts = new Map();
  #stop = new AbortController();
  #asked = '';

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#stop.abort();
  }

  /** The list changed under our hands: what was counted no longer holds. */
  forget(): void {
    this.#asked = '';
  }

  update(api: Api, patient: string, filter: Filter, categories: readonly string[], pages: Pages<MediaDocument>): void {
    const open = refined(filter, { category: '' });
    const question = `${patient} ${JSON.stringify(open)} ${categories.join()}`;
    if (filter.category === '' && pages.next === null) {
      this.#asked = question;
      this.counts = counted(pages.items, categories);
    } else if (question !== this.#asked && categories.length > 0) {
      this.#asked = question;
      void this.#ask(api, patient, open, ['', ...categories]);
    }
  }

  async #ask(api: Api, patient: string, open: Filter, keys: readonly string[]): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const total = async (category: string): Promise<[string, number]> => {
      const query = { ...queryOf(refined(open, { category })), page_size: 1 };
      return [category, (await listPhotos(api, patient, query, signal)).total];
    };
    try {
      this.counts = new Map(await Promise.all(keys.map(total)));
      this.host.requestUpdate();
    } catch {
      // A rail without numbers is still a rail; the list itself says what is wrong.
      if (!signal.aborted) this.counts = new Map();
    }
  }
}

function counted(photos: readonly MediaDocument[], categories: readonly string[]): Counts {
  const counts = new Map([['', photos.length], ...categories.map((key): [string, number] => [key, 0])]);
  for (const { media_category: category } of photos) {
    if (category) counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return counts;
}
