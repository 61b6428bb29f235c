import { expect, test } from 'vitest';
import { ageAt, byDay, initials } from './words.js';

test('a birthday counts from its day on', () => {
  expect(ageAt('1994-03-14', new Date(2026, 2, 13))).toBe(31);
  expect(ageAt('1994-03-14', new Date(2026, 2, 14))).toBe(32);
});

test('initials are of the first two words', () => {
  expect([initials('Lucía Fernández Gómez'), initials('  ana '), initials('')]).toEqual(['LF', 'A', '']);
});

test('what happened on one day stands together, in its order', () => {
  const at = (time: string): { time: string } => ({ time });
  const days = byDay([at('2026-05-02T10:00:00'), at('2026-05-02T09:00:00'), at('2026-05-01T09:00:00')], ({ time }) => time);
  expect(days.map(({ day, items }) => [day, items.length])).toEqual([
    ['2026-05-02', 2],
    ['2026-05-01', 1],
  ]);
});
