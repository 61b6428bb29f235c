// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Api } from '../api/client.js';
import { fileCounts, FileCounts, type FilesCountedEvent } from './file-counts.js';

let asked: { entity_type: string; entity_ids: string[] }[] = [];

beforeEach(() => {
  asked = [];
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    const body = JSON.parse(String(init.body)) as (typeof asked)[number];
    asked.push(body);
    const known = body.entity_ids.filter((id) => id !== 'gone').map((id) => ({ entity_id: id, file_count: id.length }));
    return Promise.resolve(new Response(JSON.stringify(known)));
  });
});

afterEach(() => vi.unstubAllGlobals());

test('a page full of badges is one request for each type, and one for a record that is shown twice', async () => {
  const counts = new FileCounts(new Api());
  const questions = ['a', 'bb', 'a'].map((id) => counts.of('visit', id));
  expect(await Promise.all([...questions, counts.of('insurance', 'ccc')])).toEqual([1, 2, 1, 3]);
  expect(asked).toEqual([
    { entity_type: 'visit', entity_ids: ['a', 'bb'] },
    { entity_type: 'insurance', entity_ids: ['ccc'] },
  ]);
});

test('a record that is not the caller’s to see has none', async () => {
  expect(await new FileCounts(new Api()).of('visit', 'gone')).toBe(0);
});

test('what one element knows better, every other one hears, if it asks the same service as the same person', () => {
  const mine = new Api({ token: 'one' });
  expect(fileCounts(mine)).toBe(fileCounts(mine.with({})));
  expect(fileCounts(mine)).not.toBe(fileCounts(new Api({ token: 'two' })));
  const heard: string[] = [];
  fileCounts(mine).addEventListener('counted', (event) => {
    const { entityType, id, count } = event as FilesCountedEvent;
    heard.push(`${entityType} ${id} ${count}`);
  });
  fileCounts(mine).tell('visit', 'v1', 4);
  expect(heard).toEqual(['visit v1 4']);
});
