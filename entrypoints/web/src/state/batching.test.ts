import { expect, test } from 'vitest';
import { batched } from './batching.js';

test('what many ask for in one turn is one question, each key once', async () => {
  const asked: string[][] = [];
  const count = batched(async (keys: string[]) => {
    asked.push(keys);
    return new Map(keys.map((key) => [key, key.length]));
  });
  expect(await Promise.all([count('a'), count('bb'), count('a')])).toEqual([1, 2, 1]);
  expect(asked).toEqual([['a', 'bb']]);
});

test('more keys than the service takes are several questions', async () => {
  const sizes: number[] = [];
  const count = batched(async (keys: number[]) => {
    sizes.push(keys.length);
    return new Map(keys.map((key) => [key, key]));
  }, 2);
  await Promise.all([1, 2, 3].map(count));
  expect(sizes).toEqual([2, 1]);
});

test('a question that fails is told to everyone, and the next one is asked anew', async () => {
  let fail = true;
  const count = batched(async (keys: string[]) => {
    if (fail) throw new Error('away');
    return new Map(keys.map((key) => [key, 1]));
  });
  await expect(Promise.all([count('a'), count('b')])).rejects.toThrow('away');
  fail = false;
  expect(await count('a')).toBe(1);
});
