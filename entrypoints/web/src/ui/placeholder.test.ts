import { expect, test } from 'vitest';
import { averageColour } from './placeholder.js';

/** A hash whose header says: lightness, yellow-blue and red-green in the middle of their ranges. */
const header = (light: number, yellow: number, red: number): string => {
  const bits = light | (yellow << 6) | (red << 12);
  return btoa(String.fromCharCode(bits & 255, (bits >> 8) & 255, bits >> 16, 0, 0));
};

test('the colour is what the header of the hash says', () => {
  expect(averageColour(header(63, 31, 31))).toMatch(/^rgb\(25\d 25\d 255\)$/);
  expect(averageColour(header(0, 31, 31))).toMatch(/^rgb\([0-4] [0-4] [0-4]\)$/);
  const [r = 0, g = 0, b = 0] = (averageColour(header(32, 40, 48)) ?? '').match(/\d+/g)?.map(Number) ?? [];
  expect(r > g && g > b).toBe(true);
});

test.each([null, undefined, '', 'A', '%%%'])('%o has no colour', (placeholder) => {
  expect(averageColour(placeholder)).toBeNull();
});
