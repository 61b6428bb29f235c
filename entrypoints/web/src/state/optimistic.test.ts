import { expect, test } from 'vitest';
import { nextAfter, putBack, takeOut } from './optimistic.js';

const list = (ids: string): { id: string }[] => [...ids].map((id) => ({ id }));
const text = (items: { id: string }[]): string => items.map(({ id }) => id).join('');

test.each(['a', 'e', 'bc', 'abcde', 'ace'])('%s taken out and put back is the same list', (gone) => {
  const { left, removed } = takeOut(list('abcde'), new Set(gone));
  expect(text(left)).toBe([...'abcde'].filter((id) => !gone.includes(id)).join(''));
  expect(text(putBack(left, removed))).toBe('abcde');
});

test('what comes back finds its place in a list that has grown meanwhile', () => {
  const { left, removed } = takeOut(list('abc'), new Set('b'));
  expect(text(putBack([...list('n'), ...left], removed))).toBe('nabc');
});

test('what is there already does not come twice', () => {
  const { removed } = takeOut(list('abc'), new Set('b'));
  expect(text(putBack(list('abc'), removed))).toBe('abc');
});

test('the focus goes to the next that stays, else to the one before, else nowhere', () => {
  const order = [...'abcd'];
  expect(nextAfter(order, new Set('b'))).toBe('c');
  expect(nextAfter(order, new Set('bc'))).toBe('d');
  expect(nextAfter(order, new Set('cd'))).toBe('b');
  expect(nextAfter(order, new Set('abcd'))).toBeNull();
});
