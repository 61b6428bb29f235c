// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { Api } from '../api/client.js';
import { noAnswer, Problem } from '../api/problem.js';
import type { Transport, UploadJob } from '../api/upload.js';
import { ArrivedEvent, FileUploads } from './file-uploads.js';

/** A service that stores names, and refuses what `refuse` says, for as long as it says so. */
function service(refuse: (job: UploadJob) => Problem | null): { transport: Transport; sent: UploadJob[]; stored: string[] } {
  const sent: UploadJob[] = [];
  const stored: string[] = [];
  const transport: Transport = (_api, job) => {
    sent.push(job);
    const problem = refuse(job);
    if (problem) return Promise.reject(problem);
    stored.push(job.file.name);
    return Promise.resolve(job.file.name);
  };
  return { transport, sent, stored };
}

const files = (...names: string[]): File[] => names.map((name) => new File(['x'], name, { lastModified: 0 }));
const TO = { target: 'file', entity_type: 'visit', entity_id: '1' } as const;
const address = ({ description }: { description: string }) => ({ to: TO, fields: { description } });
const denied = new Problem(403, 'forbidden', '');

test('one that fails keeps the others neither back nor twice: the second time only it is sent, under the same key', async () => {
  let broken = true;
  const { transport, sent, stored } = service(({ file }) => (broken && file.name === 'b' ? denied : null));
  const uploads = new FileUploads<string>(new Api(), transport);
  uploads.add(files('a', 'b', 'c'));
  expect(await uploads.send(address)).toEqual({ uploaded: ['a', 'c'], failed: [{ name: 'b', problem: denied }] });
  expect(uploads.rows.map(({ name, status }) => `${name} ${status}`)).toEqual(['b refused']);
  broken = false;
  expect(await uploads.send(address)).toEqual({ uploaded: ['b'], failed: [] });
  expect(stored).toEqual(['a', 'c', 'b']);
  const keys = sent.filter(({ file }) => file.name === 'b').map(({ key }) => key);
  expect(new Set(keys).size).toBe(1);
  expect(uploads.rows).toEqual([]);
});

test('what a rule holds back waits on, with what was said of it', async () => {
  const { transport, stored } = service(() => null);
  const uploads = new FileUploads<string>(new Api(), transport);
  uploads.add(files('a', 'b'));
  const [first, second] = uploads.list;
  uploads.say(second?.key ?? '', { description: 'la segunda' });
  await uploads.send(address, new Set([second?.key ?? '']));
  expect(stored).toEqual(['a']);
  expect(uploads.list.map(({ key, description }) => [key, description])).toEqual([[second?.key, 'la segunda']]);
  expect(uploads.list).not.toContain(first);
});

test('nothing to send is nothing done', async () => {
  const { transport } = service(() => null);
  expect(await new FileUploads<string>(new Api(), transport).send(address)).toEqual({ uploaded: [], failed: [] });
});

test('without a connection it answers at once that the file waits, and the file goes by itself when it is back', async () => {
  let away = true;
  const { transport, stored } = service(() => (away ? noAnswer() : null));
  Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });
  const uploads = new FileUploads<string>(new Api(), transport);
  uploads.add(files('a'));
  expect(await uploads.send(address)).toMatchObject({ uploaded: [], failed: [{ name: 'a' }] });
  away = false;
  Object.defineProperty(navigator, 'onLine', { value: true, configurable: true });
  const arrived = new Promise<string>((resolve) => uploads.addEventListener('arrived', (event) => resolve((event as ArrivedEvent<string>).result)));
  dispatchEvent(new Event('online'));
  expect(await arrived).toBe('a');
  await Promise.resolve();
  expect([stored, uploads.rows]).toEqual([['a'], []]);
});

test('a file that is taken back is not sent', async () => {
  const { transport, stored } = service(() => null);
  const uploads = new FileUploads<string>(new Api(), transport);
  uploads.add(files('a', 'b'));
  uploads.discard([uploads.list[0]?.key ?? '']);
  await uploads.send(address);
  expect(stored).toEqual(['b']);
});
