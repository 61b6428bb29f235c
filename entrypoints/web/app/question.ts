import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { isAbort } from '../src/api/problem.js';
import type { Page } from '../src/api/types.js';
import { Patience } from '../src/controllers/patience.js';
import { errorState, slowNotice } from '../src/ui/states.js';

/** Something that the service is asked. A newer question makes the answer to an older one worthless. */
export class Question<T> implements ReactiveController {
  value: T | undefined;
  problem: unknown = null;
  readonly patience: Patience;
  #stop = new AbortController();
  #asked: ((signal: AbortSignal) => Promise<T>) | undefined;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
    this.patience = new Patience(host);
  }

  hostDisconnected(): void {
    this.#stop.abort();
  }

  /** What is there stays until the answer comes. */
  async ask(ask: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#asked = ask;
    this.problem = null;
    this.patience.begin();
    try {
      const value = await ask(signal);
      if (!signal.aborted) this.value = value;
    } catch (problem) {
      if (isAbort(problem) || signal.aborted) return;
      this.problem = problem;
    }
    if (signal.aborted) return;
    this.patience.end();
    this.host.requestUpdate();
  }

  again = (): void => {
    if (this.#asked) void this.ask(this.#asked);
    this.host.requestUpdate();
  };

  /** Forget the answer, for a question about something else. */
  forget(): void {
    this.value = undefined;
  }

  show(value: T): void {
    this.value = value;
    this.host.requestUpdate();
  }

  /** What stands in the answer's place: nothing yet, `skeleton`, or what went wrong. */
  instead(skeleton: TemplateResult): TemplateResult {
    if (this.problem) return errorState(this.problem, this.again);
    return html`
      ${this.patience.phase === 'quiet' ? nothing : skeleton} ${this.patience.phase === 'slow' ? slowNotice() : nothing}
    `;
  }
}

/** A list that comes page by page. */
export class Listing<T> {
  readonly #question: Question<{ items: readonly T[]; total: number; next: string | null }>;
  #page: ((cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>) | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#question = new Question(host);
  }

  get items(): readonly T[] | undefined {
    return this.#question.value?.items;
  }

  get total(): number {
    return this.#question.value?.total ?? 0;
  }

  get hasMore(): boolean {
    return Boolean(this.#question.value?.next);
  }

  get problem(): unknown {
    return this.#question.problem;
  }

  start(page: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>): Promise<void> {
    this.#page = page;
    return this.#load();
  }

  more = (): void => {
    const now = this.#question.value;
    if (now?.next) void this.#load(now.next, now.items);
  };

  forget(): void {
    this.#question.forget();
  }

  /** Take items out, or put them back. */
  show(items: readonly T[]): void {
    const now = this.#question.value;
    if (now) this.#question.show({ ...now, items, total: now.total + items.length - now.items.length });
  }

  async #load(cursor?: string, before: readonly T[] = []): Promise<void> {
    const page = this.#page;
    if (!page) return;
    await this.#question.ask(async (signal) => {
      const { data, total, next_cursor: next } = await page(cursor, signal);
      return { items: [...before, ...data], total, next };
    });
  }

  instead(skeleton: TemplateResult): TemplateResult {
    return this.#question.instead(skeleton);
  }
}
