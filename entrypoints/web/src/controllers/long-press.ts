const HOLD = 350;
const SLACK = 8;
const ENDS = ['pointerup', 'pointercancel'] as const;

/**
 * Call back when a finger rests on an element; moving or scrolling calls it off. One listener until a finger comes:
 * there are many cards. Returns how to stop listening.
 */
export function onLongPress(element: HTMLElement, act: (event: PointerEvent) => void): () => void {
  const down = (event: PointerEvent): void => {
    if (event.pointerType === 'touch' && event.isPrimary) watch(element, event, act);
  };
  element.addEventListener('pointerdown', down);
  return () => element.removeEventListener('pointerdown', down);
}

function watch(element: HTMLElement, start: PointerEvent, act: (event: PointerEvent) => void): void {
  const stop = new AbortController();
  const { signal } = stop;
  let fired = false;
  const timer = setTimeout(() => {
    fired = true;
    act(start);
  }, HOLD);
  const cancel = (): void => {
    clearTimeout(timer);
    // The click comes after the finger has left: it must not also open, nor the browser's own menu come up.
    setTimeout(() => stop.abort());
  };
  const move = (event: PointerEvent): void => {
    if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > SLACK) cancel();
  };
  const swallow = (event: Event): void => {
    if (!fired) return;
    event.preventDefault();
    event.stopPropagation();
  };
  element.addEventListener('pointermove', move, { signal });
  for (const name of ENDS) element.addEventListener(name, cancel, { signal });
  element.addEventListener('click', swallow, { signal, capture: true });
  element.addEventListener('contextmenu', swallow, { signal, capture: true });
}
