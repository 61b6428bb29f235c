// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import { Api } from '../api/client.js';
import { Problem } from '../api/problem.js';
import type { Transport, UploadJob } from '../api/upload.js';
import { UploadQueue } from './upload-queue.js';

const job = (key: string): UploadJob => ({ file: new File(['x'], `${key}.jpg`), to: { target: 'photo', patient_id: 'p' }, fields: {}, key });

/** A transport whose files end when the test says so. */
function stage(): { transport: Transport; running: string[]; end: (key: string, problem?: Problem) => Promise<void> } {
  const ends = new Map<string, (problem?: Problem) => void>();
  const running: string[] = [];
  const transport: Transport = (_api, { key }, { signal }) =>
    new Promise((resolve, reject) => {
      running.push(key);
      signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
      ends.set(key, (problem) => (problem ? reject(problem) : resolve({ id: key })));
    });
  const end = async (key: string, problem?: Problem): Promise<void> => {
    ends.get(key)?.(problem);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { transport, running, end };
}

test('at most three files go at once, and the next begins when one ends', async () => {
  const { transport, running, end } = stage();
  const queue = new UploadQueue(new Api(), 3, transport);
  queue.add(['a', 'b', 'c', 'd'].map(job));
  expect(running).toEqual(['a', 'b', 'c']);
  await end('b');
  expect(running).toEqual(['a', 'b', 'c', 'd']);
});

test('a file is sent again by itself while the service is away, and in the end by the person', async () => {
  vi.useFakeTimers();
  const { transport, running, end } = stage();
  const queue = new UploadQueue<{ id: string }>(new Api(), 3, transport);
  const [arrived] = queue.add([job('a')]);
  for (const seconds of [1, 3, 9]) {
    await end('a', new Problem(503, 'away', ''));
    expect(queue.rows[0]?.status).toBe('pausing');
    await vi.advanceTimersByTimeAsync(seconds * 1_000);
  }
  expect(running).toHaveLength(4);
  await end('a', new Problem(503, 'away', ''));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(queue.rows[0]?.status).toBe('failed');
  queue.retry(['a']);
  await end('a');
  expect(await arrived).toEqual({ id: 'a' });
  vi.useRealTimers();
});

test('whoever waits for a file gets it after a refusal and another try', async () => {
  const { transport, end } = stage();
  const queue = new UploadQueue<{ id: string }>(new Api(), 3, transport);
  const [arrived] = queue.add([job('a')]);
  await end('a', new Problem(415, 'type', ''));
  expect(queue.rows[0]?.status).toBe('refused');
  queue.retry(['a']);
  await end('a');
  expect(await arrived).toEqual({ id: 'a' });
});

test('a removed file is stopped and makes room', async () => {
  const { transport, running } = stage();
  const queue = new UploadQueue(new Api(), 1, transport);
  queue.add(['a', 'b'].map(job));
  queue.remove(['a']);
  await Promise.resolve();
  expect(running).toEqual(['a', 'b']);
  expect(queue.rows.map((row) => row.id)).toEqual(['b']);
});
