/** The average colour of a ThumbHash (base64), to stand where the picture will be: `rgb(…)`, or null without one. */
export function averageColour(placeholder: string | null | undefined): string | null {
  if (!placeholder) return null;
  let bytes: string;
  try {
    bytes = atob(placeholder);
  } catch {
    return null;
  }
  if (bytes.length < 5) return null;
  const header = bytes.charCodeAt(0) | (bytes.charCodeAt(1) << 8) | (bytes.charCodeAt(2) << 16);
  const light = (header & 63) / 63;
  const yellow = ((header >> 6) & 63) / 31.5 - 1;
  const red = ((header >> 12) & 63) / 31.5 - 1;
  const b = light - (2 / 3) * yellow;
  const r = (3 * light - b + red) / 2;
  const g = r - red;
  const byte = (value: number): number => Math.round(255 * Math.max(0, Math.min(1, value)));
  return `rgb(${byte(r)} ${byte(g)} ${byte(b)})`;
}
