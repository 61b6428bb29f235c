import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';
import type { Api } from './client.js';
import { exchanged } from './exchange.js';

/** How tus-js-client asks this service: as whoever asks at that moment, so that a token may run out between two pieces. */
export class TusExchanges implements HttpStack {
  constructor(
    private readonly api: Api,
    /** With which the upload is begun; begun twice it is the same one. */
    private readonly key: string | null,
  ) {}

  createRequest(method: string, url: string): HttpRequest {
    const request = new TusRequest(this.api, method, url);
    if (method === 'POST' && this.key) request.setHeader('Idempotency-Key', this.key);
    return request;
  }

  getName(): string {
    return 'TusExchanges';
  }
}

class TusRequest implements HttpRequest {
  readonly #headers: Record<string, string> = {};
  readonly #stop = new AbortController();
  #progress: ((sent: number) => void) | undefined;

  constructor(
    private readonly api: Api,
    private readonly method: string,
    private readonly url: string,
  ) {}

  getMethod(): string {
    return this.method;
  }

  getURL(): string {
    return this.url;
  }

  setHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  getHeader(name: string): string | undefined {
    return this.#headers[name];
  }

  setProgressHandler(handler: (sent: number) => void): void {
    this.#progress = handler;
  }

  /** Throws `Problem` for a refusal, but for that of a question about an upload that is gone: it is begun anew then. */
  async send(body: Blob | null = null): Promise<HttpResponse> {
    const { api, method, url } = this;
    if (method === 'PATCH' && body) await this.#seal(body);
    const sending = { method, url, headers: this.#headers, body, progress: this.#progress, signal: this.#stop.signal };
    const answer = await exchanged(api, sending);
    if (answer.status < 300 || (method === 'HEAD' && answer.status === 404)) return new TusAnswer(answer);
    throw api.refusal(answer.status, answer.responseText, answer.getResponseHeader('Retry-After'));
  }

  /** What was changed on its way is not taken; browsers hash only where the page came by https. */
  async #seal(body: Blob): Promise<void> {
    if (!(globalThis.crypto as Partial<Crypto>).subtle) return;
    const sum = await crypto.subtle.digest('SHA-256', await body.arrayBuffer());
    this.setHeader('Upload-Checksum', `sha256 ${btoa(String.fromCharCode(...new Uint8Array(sum)))}`);
  }

  abort(): Promise<void> {
    this.#stop.abort();
    return Promise.resolve();
  }

  getUnderlyingObject(): undefined {
    return undefined;
  }
}

class TusAnswer implements HttpResponse {
  constructor(private readonly answer: XMLHttpRequest) {}

  getStatus(): number {
    return this.answer.status;
  }

  getHeader(name: string): string | undefined {
    return this.answer.getResponseHeader(name) ?? undefined;
  }

  getBody(): string {
    return this.answer.responseText;
  }

  getUnderlyingObject(): XMLHttpRequest {
    return this.answer;
  }
}
