/**
 * Modal dialogs make everything outside dead, so what must stay alive (messages, the live region) moves into the
 * topmost one. Every modal of ours says when it opens and closes.
 */
const open: HTMLDialogElement[] = [];
const movers = new Set<(layer: HTMLElement) => void>();

export function topLayer(): HTMLElement {
  return open.findLast((dialog) => dialog.isConnected && dialog.open) ?? document.body;
}

export function layerOpened(dialog: HTMLDialogElement): void {
  layerClosed(dialog);
  open.push(dialog);
  moved();
}

export function layerClosed(dialog: HTMLDialogElement): void {
  const at = open.indexOf(dialog);
  if (at === -1) return;
  open.splice(at, 1);
  moved();
}

/** Called with the topmost layer now and whenever it changes. */
export function followTopLayer(move: (layer: HTMLElement) => void): void {
  movers.add(move);
  move(topLayer());
}

function moved(): void {
  for (const move of movers) move(topLayer());
}
