const HOLD = 350;
const SLACK = 8;

/** Call back when a finger rests on an element; moving or scrolling calls it off. Returns how to stop listening. */
export function onLongPress(element: HTMLElement, act: (event: PointerEvent) => void): () => void {
  let timer = 0;
  let start: PointerEvent | undefined;
  let fired = false;

  const cancel = (): void => {
    clearTimeout(timer);
    start = undefined;
  };
  const down = (event: PointerEvent): void => {
    fired = false;
    if (event.pointerType !== 'touch' || !event.isPrimary) return;
    start = event;
    timer = window.setTimeout(() => {
      fired = true;
      act(event);
    }, HOLD);
  };
  const move = (event: PointerEvent): void => {
    if (start && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > SLACK) cancel();
  };
  // The finger that chose must not also open, nor bring up the browser's own menu.
  const swallow = (event: Event): void => {
    if (!fired) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.type === 'click') fired = false;
  };

  const stop = new AbortController();
  const { signal } = stop;
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', move, { signal });
  for (const name of ['pointerup', 'pointercancel', 'scroll'] as const) element.addEventListener(name, cancel, { signal });
  element.addEventListener('click', swallow, { signal, capture: true });
  element.addEventListener('contextmenu', swallow, { signal, capture: true });
  return () => {
    cancel();
    stop.abort();
  };
}
