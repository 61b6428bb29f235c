const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** A key press as one word: `ArrowLeft`, `Shift+Enter`, `Mod+z` (Ctrl, or ⌘ on a Mac), `?`. */
export function keyOf(event: KeyboardEvent): string {
  const { key } = event;
  const printable = key.length === 1;
  const name = printable ? key.toLowerCase() : key;
  const mod = MAC ? event.metaKey : event.ctrlKey;
  const shift = event.shiftKey && (!printable || key === ' ');
  return `${mod ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${name}`;
}

/** True where a key writes text, so that it must not do anything else. */
export function inText(event: Event): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range', 'file'].includes(target.type);
}

export type Keymap = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** Run what the map has for a key; the browser's own action is left out then. */
export function handled(event: KeyboardEvent, keys: Keymap): boolean {
  const action = event.defaultPrevented || event.isComposing ? undefined : keys[keyOf(event)];
  if (action === undefined) return false;
  event.preventDefault();
  action(event);
  return true;
}
