// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Api } from './client.js';
import { Problem } from './problem.js';

interface Seen {
  url: string;
  init: RequestInit;
}

let seen: Seen[] = [];
let answers: (Response | Error)[] = [];

beforeEach(() => {
  seen = [];
  vi.useFakeTimers();
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    seen.push({ url, init });
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? new Response('{}'));
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const problem = (status: number, code: string): Response =>
  new Response(JSON.stringify({ code, detail: 'why', errors: [{ field: 'f', message: 'm' }] }), { status });

test('paths and links belong to the base, queries leave out what is empty and repeat lists', () => {
  const api = new Api({ apiBase: 'https://media.example/api/v1' });
  expect(api.url('media/x', { a: 1, b: undefined, c: '', tag: ['p', 'q'] })).toBe('https://media.example/api/v1/media/x?a=1&tag=p&tag=q');
  expect(api.link('/api/v1/thumb?s=1')).toBe('https://media.example/api/v1/thumb?s=1');
});

test('reading is tried again when the service is away', async () => {
  answers = [new TypeError('network'), problem(503, 'away'), new Response('{"data":1}')];
  const asked = new Api().json('media/x');
  await vi.runAllTimersAsync();
  expect(await asked).toEqual({ data: 1 });
  expect(seen).toHaveLength(3);
});

test('a change is never sent twice by itself', async () => {
  answers = [problem(503, 'away')];
  await expect(new Api().json('media/x', { method: 'POST', body: {} })).rejects.toMatchObject({ status: 503 });
  expect(seen).toHaveLength(1);
});

test('a refusal carries its code and its fields', async () => {
  answers = [problem(422, 'rule_violated')];
  const refused = await new Api().json('x').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Problem);
  expect(refused).toMatchObject({ code: 'rule_violated', message: 'why', faults: [{ field: 'f', message: 'm' }] });
});

test('a token that has run out is asked for again, once', async () => {
  const tokens = ['old', 'new'];
  answers = [problem(401, 'unauthenticated'), new Response('{}')];
  await new Api({ getToken: () => tokens.shift() }).json('x');
  expect(seen.map(({ init }) => (init.headers as Record<string, string>)['Authorization'])).toEqual(['Bearer old', 'Bearer new']);
  expect(seen[0]?.init.credentials).toBe('omit');
});

test('without a token the cookie goes along, with its proof', async () => {
  await new Api({ getCsrfToken: () => 'abc' }).json('x', { method: 'POST' });
  expect((seen[0]?.init.headers as Record<string, string>)['X-CSRF-Token']).toBe('abc');
  expect(seen[0]?.init.credentials).toBe('same-origin');
});

test('who is no longer known is told so', async () => {
  const expired = vi.fn();
  answers = [problem(401, 'unauthenticated')];
  await expect(new Api({ expired }).json('x')).rejects.toMatchObject({ status: 401 });
  expect(expired).toHaveBeenCalledOnce();
});
