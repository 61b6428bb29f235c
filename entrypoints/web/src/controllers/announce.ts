import { followTopLayer } from './layers.js';

let polite: HTMLElement | undefined;
let urgent: HTMLElement | undefined;

function region(role: 'status' | 'alert'): HTMLElement {
  const element = document.createElement('div');
  element.setAttribute('role', role);
  const { style } = element;
  style.position = 'absolute';
  style.inlineSize = style.blockSize = '1px';
  style.overflow = 'hidden';
  style.clipPath = 'inset(50%)';
  followTopLayer((layer) => layer.append(element));
  return element;
}

/** Say something to screen readers. The same text twice is said twice. */
export function announce(text: string, urgently = false): void {
  const element = urgently ? (urgent ??= region('alert')) : (polite ??= region('status'));
  element.textContent = '';
  // A region that is filled in the turn in which it was emptied or moved stays silent.
  setTimeout(() => (element.textContent = text), 60);
}
