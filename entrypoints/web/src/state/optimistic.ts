/** Something taken away on the screen before the service has agreed; it can come back where it was. */
export interface Removed<T> {
  readonly item: T;
  /** The id that stood before it, null for the first. */
  readonly behind: string | null;
}

interface Identified {
  id: string;
}

/** Take items out, remembering where they stood. */
export function takeOut<T extends Identified>(list: readonly T[], ids: ReadonlySet<string>): { left: T[]; removed: Removed<T>[] } {
  const left: T[] = [];
  const removed: Removed<T>[] = [];
  list.forEach((item, at) => {
    if (ids.has(item.id)) removed.push({ item, behind: list[at - 1]?.id ?? null });
    else left.push(item);
  });
  return { left, removed };
}

/** Put items back behind their old neighbours; where a neighbour is gone too, at the front. */
export function putBack<T extends Identified>(list: readonly T[], removed: readonly Removed<T>[]): T[] {
  const result = [...list];
  for (const { item, behind } of removed) {
    if (result.some((one) => one.id === item.id)) continue;
    const at = behind === null ? -1 : result.findIndex((one) => one.id === behind);
    result.splice(at + 1, 0, item);
  }
  return result;
}

/** Who gets the focus when some go: the next one that stays, else the one before. */
export function nextAfter(order: readonly string[], gone: ReadonlySet<string>): string | null {
  const last = order.findLastIndex((id) => gone.has(id));
  const behind = order.slice(last + 1).find((id) => !gone.has(id));
  return behind ?? order.slice(0, Math.max(last, 0)).findLast((id) => !gone.has(id)) ?? null;
}
