/** Columns of a grid by the width that it has, in pixels: six on a desktop even beside a host's sidebar. */
export function columnsFor(width: number): number {
  if (width >= 1100) return 6;
  if (width >= 920) return 5;
  if (width >= 768) return 4;
  return width >= 480 ? 3 : 2;
}


/** Where a key leads from the cell `at`, in a grid of `total` cells; null for a key that does not move. */
export function movedBy(key: string, at: number, columns: number, total: number): number | null {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  if (key === 'Home') return 0;
  if (key === 'End') return total - 1;
  const step = steps[key];
  if (step === undefined) return null;
  const to = at + step;
  if (to >= 0 && to < total) return to;
  // Down from above a short last row goes to its end; everywhere else an edge is an edge.
  const lastRow = Math.floor((total - 1) / columns);
  return key === 'ArrowDown' && Math.floor(at / columns) < lastRow ? total - 1 : at;
}
