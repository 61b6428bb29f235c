import { expect, test } from 'vitest';
import { MOST, panned, transformOf, WHOLE, zoomed } from './view.js';

/** Where a point of the picture (0 to 1) is seen in the box. */
const seen = (view: { scale: number; x: number }, point: number): number => (point - 0.5) * view.scale + 0.5 + view.x;

test('what is under the pointer stays there while zooming', () => {
  const at = { x: 0.3, y: 0.5 };
  const near = zoomed(WHOLE, 2, at);
  expect(seen(near, 0.3)).toBeCloseTo(0.3);
  const point = (0.3 - 0.5 - near.x) / near.scale + 0.5;
  expect(seen(zoomed(near, 1.7, at), point)).toBeCloseTo(0.3);
});

test('the picture always fills the box', () => {
  const far = panned(zoomed(WHOLE, 2), 9, -9);
  expect(seen(far, 0)).toBeCloseTo(0);
  expect(far).toMatchObject({ x: 0.5, y: -0.5 });
  expect(panned(WHOLE, 0.4, 0.4)).toEqual(WHOLE);
});

test('zooming ends at the whole picture and at the most', () => {
  expect(zoomed(zoomed(WHOLE, 3), 0.01)).toEqual(WHOLE);
  expect(zoomed(WHOLE, 100).scale).toBe(MOST);
});

test('the transform is in parts of the box', () => {
  expect(transformOf({ scale: 2, x: 0.25, y: -0.5 })).toBe('translate(25%, -50%) scale(2)');
});
