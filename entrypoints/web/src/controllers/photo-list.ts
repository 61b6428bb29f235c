import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Api } from '../api/client.js';
import { listPhotos, type PhotoQuery } from '../api/photos.js';
import { isAbort } from '../api/problem.js';
import type { MediaDocument, Page } from '../api/types.js';
import { appended, NOTHING, replaced, type Pages } from '../state/pages.js';
import { Patience } from './patience.js';

export const PAGE_SIZE = 60;
const MOST = 200;
/** A signed url lives longer than this; asking anew more often would only load the service. */
const FRESH_FOR = 60_000;

interface Source<Query> {
  api: Api;
  patient: string;
  query: Query;
}

type Ask<Query> = (
  api: Api,
  patient: string,
  query: Query & { cursor?: string | undefined; page_size?: number },
  signal?: AbortSignal,
) => Promise<Page<MediaDocument>>;

/** A patient's photos (or documents), page after page. A newer question makes the answers of an older one worthless. */
export class PhotoList<Query extends object = PhotoQuery> implements ReactiveController {
  pages: Pages<MediaDocument> = NOTHING;
  loading = false;
  /** What is shown still belongs to the question before. */
  stale = false;
  problem: unknown = null;
  readonly patience: Patience;

  #source?: Source<Query>;
  #stop = new AbortController();
  /** Which cursor brought which photos. */
  #origins = new Map<string, { cursor: string | undefined; refreshed: number }>();

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly ask: Ask<Query> = listPhotos,
  ) {
    host.addController(this);
    this.patience = new Patience(host);
  }

  hostDisconnected(): void {
    this.#stop.abort();
  }

  /** Ask a new question; what is shown stays until the answer is there, unless it is of another patient. */
  async start(api: Api, patient: string, query: Query): Promise<void> {
    if (patient !== this.#source?.patient) this.pages = NOTHING;
    this.#source = { api, patient, query };
    this.stale = true;
    await this.#load(undefined);
  }

  async more(): Promise<void> {
    if (this.loading || this.stale || !this.pages.next || this.problem) return;
    await this.#load(this.pages.next);
  }

  async retry(): Promise<void> {
    await this.#load(this.stale ? undefined : (this.pages.next ?? undefined));
  }

  /** Load what is missing, in large steps. */
  async all(): Promise<void> {
    while (this.pages.next && !this.problem) await this.#load(this.pages.next, MOST);
  }

  show(pages: Pages<MediaDocument>): void {
    this.pages = pages;
    this.host.requestUpdate();
  }

  /** New signed urls for everything that came with a photo; not again within a minute. */
  async refresh(id: string): Promise<void> {
    const origin = this.#origins.get(id);
    if (!origin || !this.#source || Date.now() - origin.refreshed < FRESH_FOR) return;
    origin.refreshed = Date.now();
    const { api, patient, query } = this.#source;
    const page = await this.ask(api, patient, { ...query, cursor: origin.cursor, page_size: PAGE_SIZE }).catch(() => null);
    if (page) this.show(replaced(this.pages, page.data));
  }

  async #load(cursor: string | undefined, size = PAGE_SIZE): Promise<void> {
    if (!this.#source) return;
    const { api, patient, query } = this.#source;
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#set({ loading: true, problem: null });
    this.patience.begin();
    try {
      const page = await this.ask(api, patient, { ...query, cursor, page_size: size }, signal);
      if (signal.aborted) return;
      this.pages = appended(cursor === undefined ? NOTHING : this.pages, page);
      const origin = { cursor, refreshed: 0 };
      for (const photo of page.data) this.#origins.set(photo.id, origin);
      this.stale = false;
    } catch (problem) {
      if (isAbort(problem) || signal.aborted) return;
      this.problem = problem;
    }
    this.patience.end();
    this.#set({ loading: false });
  }

  #set(change: Partial<Pick<PhotoList, 'loading' | 'problem'>>): void {
    Object.assign(this, change);
    this.host.requestUpdate();
  }
}
