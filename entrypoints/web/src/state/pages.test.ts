import { expect, test } from 'vitest';
import type { Page } from '../api/types.js';
import { appended, chunked, NOTHING, prepended, replaced, withItems, type Pages } from './pages.js';

interface Item {
  id: string;
  version?: number;
}

const page = (ids: string, next: string | null = null, total = 9): Page<Item> => ({
  data: [...ids].map((id) => ({ id })),
  total,
  page: null,
  page_size: 3,
  next_cursor: next,
  message: null,
});

const ids = (list: Pages<Item>): string => list.items.map(({ id }) => id).join('');

const two = appended(appended<Item>(NOTHING, page('abc', 'x')), page('def'));

test('pages are appended in order until there is no next one', () => {
  expect(ids(two)).toBe('abcdef');
  expect(two.next).toBeNull();
});

test('an item that moved between two requests is shown once', () => {
  expect(ids(appended(appended<Item>(NOTHING, page('abc', 'x')), page('cd')))).toBe('abcd');
});

test('a newer version takes the place of the older one', () => {
  const changed = replaced(two, [{ id: 'e', version: 2 }, { id: 'elsewhere' }]);
  expect(ids(changed)).toBe('abcdef');
  expect(changed.items[4]).toEqual({ id: 'e', version: 2 });
});

test('the total goes down and up again with what is taken out and put back', () => {
  const left = withItems(two, two.items.slice(2));
  expect(left.total).toBe(7);
  expect(withItems(left, two.items).total).toBe(9);
});

test('new items stand in front, once', () => {
  const more = prepended(two, [{ id: 'n' }, { id: 'a' }]);
  expect([ids(more), more.total]).toEqual(['nabcdef', 10]);
});

test('pieces have one size but for the last', () => {
  expect(chunked([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
});
