/**
 * How a picture is looked at: enlarged `scale` times around its middle, moved by `x` and `y` in widths and heights of
 * the box. One view serves boxes of any size, so two pictures stay in step.
 */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const WHOLE: View = { scale: 1, x: 0, y: 0 };
export const MOST = 8;

/** Never smaller than the box, never past the picture's edge. */
function held({ scale, x, y }: View): View {
  const most = (scale - 1) / 2;
  const within = (value: number): number => Math.max(-most, Math.min(most, value));
  return { scale, x: within(x), y: within(y) };
}

/** Enlarged by a factor; the point under the pointer (0 to 1 across the box) stays where it is. */
export function zoomed(view: View, factor: number, at = { x: 0.5, y: 0.5 }): View {
  const scale = Math.max(1, Math.min(MOST, view.scale * factor));
  const real = scale / view.scale;
  const shift = (moved: number, point: number): number => moved * real + (point - 0.5) * (1 - real);
  return held({ scale, x: shift(view.x, at.x), y: shift(view.y, at.y) });
}

/** Moved by parts of the box. */
export function panned(view: View, dx: number, dy: number): View {
  return held({ ...view, x: view.x + dx, y: view.y + dy });
}

export function transformOf({ scale, x, y }: View): string {
  return `translate(${x * 100}%, ${y * 100}%) scale(${scale})`;
}
