import { language } from '../i18n/index.js';
import { isAbort, noAnswer, Problem, problemFrom } from './problem.js';

export type TokenSource = () => string | null | undefined | Promise<string | null | undefined>;

export interface Connection {
  apiBase?: string | undefined;
  token?: string | undefined;
  getToken?: TokenSource | undefined;
  /** Proof that goes with every change where a session's cookie says who is asking. */
  getCsrfToken?: (() => string | null | undefined) | undefined;
  /** Told when the service does not know who is asking, or no longer. */
  expired?: (() => void) | undefined;
  /** Who asks, in words of the host's own, so that what one person began no other goes on with. */
  getCaller?: (() => string | null | undefined) | undefined;
  /** Bytes from which on a file goes in pieces, which a lost connection or a reload only interrupts; 8 MB unless said. */
  resumableFrom?: number | undefined;
}

export interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Record<string, QueryValue>;
  /** Sent as JSON, or as it is when it is a form. */
  body?: unknown;
  signal?: AbortSignal | undefined;
  headers?: Record<string, string>;
}

type QueryValue = string | number | boolean | null | undefined | readonly string[];

const PAUSES = [300, 1_000];
const DEFAULT_BASE = '/api/v1';

/** The HTTP API at one address, for one caller. */
export class Api {
  readonly base: string;

  constructor(readonly connection: Connection = {}) {
    const base = connection.apiBase ?? DEFAULT_BASE;
    this.base = new URL(base.endsWith('/') ? base : `${base}/`, document.baseURI).href;
  }

  /** The same, but for what `connection` says. */
  with(connection: Connection): Api {
    const said = Object.entries(connection).filter(([, value]) => value !== undefined);
    return new Api({ ...this.connection, ...Object.fromEntries(said) });
  }

  /** The address of a path below the base, or of a link that the service sent. */
  url(path: string, query: Ask['query'] = {}): string {
    const url = new URL(path.startsWith('/') ? new URL(path, this.base).href : path, this.base);
    for (const [name, value] of Object.entries(query)) {
      const values = Array.isArray(value) ? (value as readonly string[]) : [value as QueryValue];
      for (const one of values) if (one !== null && one !== undefined && one !== '') url.searchParams.append(name, String(one));
    }
    return url.href;
  }

  /** A link that came in an answer (`thumb_url` …): relative ones belong to the service's origin, not to the page's. */
  link(url: string | null | undefined): string {
    return url ? new URL(url, this.base).href : '';
  }

  async headers(fresh = false): Promise<Record<string, string>> {
    const token = (await this.connection.getToken?.()) ?? (fresh ? undefined : this.connection.token);
    const headers: Record<string, string> = { 'Accept-Language': language() };
    if (token) headers['Authorization'] = `Bearer ${token}`;
    const csrf = token ? undefined : this.connection.getCsrfToken?.();
    if (csrf) headers['X-CSRF-Token'] = csrf;
    return headers;
  }

  /** The parsed JSON of an answer, null when it has none. Throws `Problem`. */
  async json<T>(path: string, ask: Ask = {}): Promise<T> {
    const answer = await this.fetch(path, ask);
    const text = await answer.text();
    return (text === '' ? null : JSON.parse(text)) as T;
  }

  async blob(path: string, ask: Ask = {}): Promise<Blob> {
    return (await this.fetch(path, ask)).blob();
  }

  /** Reading is tried again when no answer comes or the service is busy; a change never is. Throws `Problem`. */
  async fetch(path: string, ask: Ask = {}): Promise<Response> {
    const pauses = (ask.method ?? 'GET') === 'GET' ? PAUSES : [];
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#once(path, ask);
      } catch (error) {
        const pause = pauses[attempt];
        if (!(error instanceof Problem) || !error.passing || pause === undefined || !navigator.onLine) throw error;
        await wait(Math.min((error.retryAfter ?? 0) * 1_000, 5_000) || pause, ask.signal);
      }
    }
  }

  async #once(path: string, ask: Ask): Promise<Response> {
    let answer = await this.#send(path, ask);
    if (answer.status === 401 && this.connection.getToken) answer = await this.#send(path, ask);
    if (answer.ok) return answer;
    throw this.refusal(answer.status, await answer.text(), answer.headers.get('Retry-After'));
  }

  /** What an answer that is not a success says. */
  refusal(status: number, body: string, retryAfter: string | null): Problem {
    if (status === 401) this.connection.expired?.();
    return problemFrom(status, body, retryAfter);
  }

  async #send(path: string, ask: Ask): Promise<Response> {
    const form = ask.body instanceof FormData;
    const init: RequestInit = {
      method: ask.method ?? 'GET',
      credentials: this.connection.token || this.connection.getToken ? 'omit' : 'same-origin',
      headers: {
        ...(await this.headers()),
        ...(ask.body !== undefined && !form ? { 'Content-Type': 'application/json' } : {}),
        ...ask.headers,
      },
      signal: ask.signal ?? null,
    };
    if (ask.body !== undefined) init.body = form ? (ask.body as FormData) : JSON.stringify(ask.body);
    try {
      return await fetch(this.url(path, ask.query), init);
    } catch (error) {
      throw isAbort(error) ? error : noAnswer();
    }
  }
}

function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('Aborted', 'AbortError'));
    });
  });
}

let shared: Api | undefined;

/** Tell every element of the page where the service is and who is asking. */
export function configure(connection: Connection): void {
  shared = new Api(connection);
}

export function pageApi(): Api {
  shared ??= new Api();
  return shared;
}
