/** The list with the item at `from` taken to `to`; other places close up. */
export function carried<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, at) => at !== from);
  const item = list[from];
  if (item === undefined) return [...list];
  const place = Math.max(0, Math.min(to, rest.length));
  return [...rest.slice(0, place), item, ...rest.slice(place)];
}

/** The number of the box whose middle is nearest to a point; -1 without boxes. */
export function nearest(boxes: readonly { left: number; top: number; width: number; height: number }[], x: number, y: number): number {
  const away = boxes.map(({ left, top, width, height }) => Math.hypot(left + width / 2 - x, top + height / 2 - y));
  return away.indexOf(Math.min(...away));
}
