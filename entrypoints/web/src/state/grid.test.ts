import { expect, test } from 'vitest';
import { columnsFor, movedBy } from './grid.js';

test.each([
  [320, 2],
  [479, 2],
  [480, 3],
  [768, 4],
  [1024, 5],
  [1280, 6],
])('%i pixels are %i columns', (width, columns) => {
  expect(columnsFor(width)).toBe(columns);
});


test.each([
  ['ArrowRight', 0, 1],
  ['ArrowLeft', 0, 0],
  ['ArrowRight', 7, 7],
  ['ArrowDown', 0, 3],
  ['ArrowDown', 5, 7],
  ['ArrowDown', 6, 6],
  ['ArrowUp', 1, 1],
  ['ArrowUp', 4, 1],
  ['Home', 5, 0],
  ['End', 0, 7],
])('%s from %i leads to %i in three columns of eight', (key, at, to) => {
  expect(movedBy(key, at, 3, 8)).toBe(to);
});

test('another key does not move', () => {
  expect(movedBy('a', 0, 3, 8)).toBeNull();
});
