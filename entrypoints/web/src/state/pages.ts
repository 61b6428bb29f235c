import type { Page } from '../api/types.js';

/** A list that comes page by page. `next` is null after the last page, undefined before the first. */
export interface Pages<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly next: string | null | undefined;
}

export const NOTHING: Pages<never> = { items: [], total: 0, next: undefined };

interface Identified {
  id: string;
}

/** With one more page; what is already there (it moved between two requests) is not shown twice. */
export function appended<T extends Identified>(list: Pages<T>, page: Page<T>): Pages<T> {
  const known = new Set(list.items.map((item) => item.id));
  const fresh = page.data.filter((item) => !known.has(item.id));
  return { items: [...list.items, ...fresh], total: page.total, next: page.next_cursor };
}

/** With each item that has a newer version in `changed` replaced by it. */
export function replaced<T extends Identified>(list: Pages<T>, changed: readonly T[]): Pages<T> {
  const newer = new Map(changed.map((item) => [item.id, item]));
  return { ...list, items: list.items.map((item) => newer.get(item.id) ?? item) };
}

/** With other items of the same list, as when some were taken out or put back; the total moves with them. */
export function withItems<T extends Identified>(list: Pages<T>, items: readonly T[]): Pages<T> {
  return { ...list, items, total: Math.max(0, list.total + items.length - list.items.length) };
}

/** With new items in front, as after an upload. */
export function prepended<T extends Identified>(list: Pages<T>, fresh: readonly T[]): Pages<T> {
  const known = new Set(list.items.map((item) => item.id));
  return withItems(list, [...fresh.filter((item) => !known.has(item.id)), ...list.items]);
}

const places = new WeakMap<readonly Identified[], Map<string, number>>();

/** Where an item stands, -1 when it is not there; looked up once for each list. */
export function placeOf(items: readonly Identified[], id: string | null): number {
  let known = places.get(items);
  if (known === undefined) places.set(items, (known = new Map(items.map((item, at) => [item.id, at]))));
  return id === null ? -1 : (known.get(id) ?? -1);
}

const pieces = new WeakMap<readonly unknown[], unknown[][]>();

/** Pieces of one size, to be drawn or left out whole; the same ones for the same list. */
export function chunked<T>(items: readonly T[], size: number): T[][] {
  let cut = pieces.get(items) as T[][] | undefined;
  if (cut === undefined) pieces.set(items, (cut = cutUp(items, size)));
  return cut;
}

function cutUp<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
