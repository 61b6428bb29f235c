/** Which of an ordered list are chosen. `anchor` is where a range begins; `everything` reaches beyond what is loaded. */
export interface Selection {
  readonly chosen: ReadonlySet<string>;
  readonly anchor: string | null;
  readonly everything: boolean;
}

export const NONE: Selection = { chosen: new Set(), anchor: null, everything: false };

export function toggled(selection: Selection, id: string): Selection {
  const chosen = new Set(selection.chosen);
  if (!chosen.delete(id)) chosen.add(id);
  return { chosen, anchor: id, everything: false };
}

/** The ids from the anchor to `id` as they stand on the screen, whichever comes first; just `id` without an anchor. */
export function range(order: readonly string[], anchor: string | null, id: string): string[] {
  const from = anchor === null ? -1 : order.indexOf(anchor);
  const to = order.indexOf(id);
  if (to === -1) return [];
  if (from === -1) return [id];
  return order.slice(Math.min(from, to), Math.max(from, to) + 1);
}

/** The range added to what is chosen; the anchor stays, so that a second range begins at the same place. */
export function extended(selection: Selection, order: readonly string[], id: string): Selection {
  const added = range(order, selection.anchor, id);
  return { chosen: new Set([...selection.chosen, ...added]), anchor: selection.anchor ?? id, everything: false };
}

export function all(order: readonly string[], everything = false): Selection {
  return { chosen: new Set(order), anchor: null, everything };
}

/** What is left when some are gone from the list. */
export function kept(selection: Selection, order: readonly string[]): Selection {
  const there = new Set(order);
  const chosen = new Set([...selection.chosen].filter((id) => there.has(id)));
  const anchor = selection.anchor !== null && there.has(selection.anchor) ? selection.anchor : null;
  return { chosen, anchor, everything: selection.everything && chosen.size > 0 };
}
