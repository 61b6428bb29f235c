import { expect, test } from 'vitest';
import { each } from './bulk.js';

test('a few go at a time, and a failure does not stop the others', async () => {
  let running = 0;
  let most = 0;
  const act = async (item: number): Promise<number> => {
    most = Math.max(most, (running += 1));
    await Promise.resolve();
    running -= 1;
    if (item === 2) throw new Error('no');
    return item * 10;
  };
  const { done, failed } = await each([1, 2, 3, 4, 5], act, 2);
  expect(done.toSorted()).toEqual([10, 30, 40, 50]);
  expect(failed.map(({ item }) => item)).toEqual([2]);
  expect(most).toBe(2);
});
