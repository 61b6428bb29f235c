// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import { Api } from './client.js';
import { TusExchanges } from './tus-exchange.js';

interface Asked {
  method: string;
  headers: Record<string, string>;
}

/** A service that answers with these statuses, one after the other. */
function answering(...statuses: number[]): Asked[] {
  const asked: Asked[] = [];
  class Request {
    upload = {};
    status = 0;
    responseText = '';
    onload?: () => void;
    readonly #headers: Record<string, string> = {};
    #method = '';
    open(method: string): void {
      this.#method = method;
    }
    setRequestHeader(name: string, value: string): void {
      this.#headers[name] = value;
    }
    getResponseHeader(): null {
      return null;
    }
    send(): void {
      asked.push({ method: this.#method, headers: this.#headers });
      this.status = statuses.shift() ?? 204;
      this.onload?.();
    }
  }
  vi.stubGlobal('XMLHttpRequest', Request);
  return asked;
}

test('a token that runs out between two pieces is renewed, and the piece goes again', async () => {
  const asked = answering(401, 204);
  const tokens = ['old', 'new'];
  const exchanges = new TusExchanges(new Api({ getToken: () => tokens.shift() }), null);
  const answer = await exchanges.createRequest('PATCH', 'http://a/u/1').send(new Blob(['x']));
  expect(answer.getStatus()).toBe(204);
  expect(asked.map(({ headers }) => headers['Authorization'])).toEqual(['Bearer old', 'Bearer new']);
});

test('with a session the proof goes along with every piece', async () => {
  const asked = answering(204);
  await new TusExchanges(new Api({ getCsrfToken: () => 'proof' }), null).createRequest('PATCH', 'http://a/u/1').send(new Blob(['x']));
  expect(asked[0]?.headers['X-CSRF-Token']).toBe('proof');
});

test('a piece goes with the sum of its bytes, and the same beginning with the same key', async () => {
  const asked = answering(204, 201);
  const exchanges = new TusExchanges(new Api(), 'k1');
  await exchanges.createRequest('PATCH', 'http://a/u/1').send(new Blob(['hola']));
  await exchanges.createRequest('POST', 'http://a/u').send(null);
  expect(asked.map(({ headers }) => [headers['Upload-Checksum'], headers['Idempotency-Key']])).toEqual([
    ['sha256 siHZ27CDp/M0KNfCo8MZiuklYU1wIQ4ocWzKp81N23k=', undefined],
    [undefined, 'k1'],
  ]);
});

test('only an upload that is gone is begun anew: a service that is away, or does not know who asks, changes nothing', async () => {
  answering(404, 503, 401);
  const head = (): Promise<unknown> => new TusExchanges(new Api(), null).createRequest('HEAD', 'http://a/u/1').send(null);
  await expect(head()).resolves.toBeDefined();
  await expect(head()).rejects.toMatchObject({ status: 503 });
  await expect(head()).rejects.toMatchObject({ status: 401 });
});
