import { expect, test } from 'vitest';
import { carried, nearest } from './order.js';

test.each([
  [0, 2, 'bca'],
  [2, 0, 'cab'],
  [1, 1, 'abc'],
  [0, 9, 'bca'],
  [2, -1, 'cab'],
  [7, 0, 'abc'],
])('from %i to %i is %s', (from, to, order) => {
  expect(carried([...'abc'], from, to).join('')).toBe(order);
});

test('the nearest box is the one whose middle is', () => {
  const boxes = [0, 100, 200].map((left) => ({ left, top: 0, width: 80, height: 80 }));
  expect(nearest(boxes, 130, 40)).toBe(1);
  expect(nearest(boxes, 500, 500)).toBe(2);
  expect(nearest([], 0, 0)).toBe(-1);
});
