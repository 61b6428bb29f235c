import { expect, test } from 'vitest';
import { all, extended, kept, NONE, range, toggled } from './selection.js';

const ORDER = ['a', 'b', 'c', 'd', 'e'];
const chosen = (selection: { chosen: ReadonlySet<string> }): string[] => [...selection.chosen].toSorted();

test('a range reaches both ways and never beyond what is shown', () => {
  expect(range(ORDER, 'b', 'd')).toEqual(['b', 'c', 'd']);
  expect(range(ORDER, 'd', 'b')).toEqual(['b', 'c', 'd']);
  expect(range(ORDER, 'gone', 'b')).toEqual(['b']);
  expect(range(ORDER, 'b', 'gone')).toEqual([]);
});

test('a second range begins at the same anchor and keeps the first', () => {
  const first = extended(toggled(NONE, 'b'), ORDER, 'd');
  expect(chosen(first)).toEqual(['b', 'c', 'd']);
  expect(chosen(extended(first, ORDER, 'a'))).toEqual(['a', 'b', 'c', 'd']);
});

test('choosing twice chooses nothing', () => {
  expect(chosen(toggled(toggled(NONE, 'a'), 'a'))).toEqual([]);
});

test('choosing one by one ends the choice of everything', () => {
  expect(toggled(all(ORDER, true), 'c').everything).toBe(false);
});

test('what is gone from the list is no longer chosen, nor an anchor', () => {
  const left = kept(toggled(toggled(NONE, 'a'), 'b'), ['a']);
  expect(chosen(left)).toEqual(['a']);
  expect(left.anchor).toBeNull();
});
