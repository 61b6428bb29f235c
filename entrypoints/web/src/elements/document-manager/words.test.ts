// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { waitingText } from './words.js';

test('what waits for saving is told in one line, and nothing is no line', () => {
  expect(waitingText(2, 1)).toBe('2 nuevos, 1 por eliminar');
  expect([waitingText(1, 0), waitingText(0, 3), waitingText(0, 0)]).toEqual(['1 nuevo', '3 por eliminar', '']);
});
