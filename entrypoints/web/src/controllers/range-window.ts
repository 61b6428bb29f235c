import type { ReactiveController, ReactiveControllerHost } from 'lit';

const MARGIN = '1200px';
/** Items that are drawn in one frame: a whole piece at once would hold up a fast scroll. */
const STEP = 20;

interface Options {
  /** The boxes of the pieces, in order, each with its number in `data-piece`. */
  boxes: () => Iterable<HTMLElement>;
  /** Something behind the last box; `end` is called when it comes near. */
  sentinel: () => HTMLElement | null;
  end: () => void;
  /** Items of a whole piece. */
  size: number;
  /** What scrolls, where it is inside the host. */
  root?: () => HTMLElement | null;
}

/** Which pieces of a long list are near what is seen; the others stay empty boxes of the right height. */
export class RangeWindow implements ReactiveController {
  /** The pieces near what is seen, with how many of their items are drawn by now. */
  #near = new Map([[0, Infinity]]);
  #frame = 0;
  #kept: number | null = null;
  #observer: IntersectionObserver | undefined;
  #ends: IntersectionObserver | undefined;
  #watched = new Set<Element>();

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly options: Options,
  ) {
    host.addController(this);
  }

  /** How many items of this piece to draw: all of one that is kept because the focus is in it. */
  drawn(piece: number): number {
    return piece === this.#kept ? Infinity : (this.#near.get(piece) ?? 0);
  }

  /** Keep one piece drawn wherever it is. */
  keep(piece: number | null): void {
    if (piece === this.#kept) return;
    this.#kept = piece;
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#ends?.disconnect();
    this.#observer = this.#ends = undefined;
    this.#watched.clear();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  hostUpdated(): void {
    if (!this.host.isConnected) return;
    const root = this.options.root ? this.options.root() : scrollerOf(this.host);
    if (this.options.root && !root) return this.hostDisconnected();
    this.#observer ??= new IntersectionObserver((entries) => this.#seen(entries), { root, rootMargin: MARGIN });
    this.#ends ??= new IntersectionObserver((entries) => this.#ended(entries), { root, rootMargin: MARGIN });
    const now = new Set<Element>(this.options.boxes());
    for (const box of this.#watched) if (!now.has(box)) this.#observer.unobserve(box);
    for (const box of now) if (!this.#watched.has(box)) this.#observer.observe(box);
    this.#watched = now;
    const sentinel = this.options.sentinel();
    // Observed anew after every update: a page too short to push the sentinel away would otherwise be the last.
    this.#ends.disconnect();
    if (sentinel) this.#ends.observe(sentinel);
  }

  #seen(entries: IntersectionObserverEntry[]): void {
    let gone = false;
    for (const { target, isIntersecting } of entries) {
      const piece = Number((target as HTMLElement).dataset['piece']);
      if (!isIntersecting) gone = this.#near.delete(piece) || gone;
      else if (!this.#near.has(piece)) this.#near.set(piece, 0);
    }
    if (gone) this.host.requestUpdate();
    this.#frame ||= requestAnimationFrame(this.#grow);
  }

  /** Draw a little more of one piece; the next frame goes on. */
  #grow = (): void => {
    this.#frame = 0;
    const next = [...this.#near].find(([, drawn]) => drawn < this.options.size);
    if (!next) return;
    const [piece, drawn] = next;
    this.#near.set(piece, drawn + STEP >= this.options.size ? Infinity : drawn + STEP);
    this.host.requestUpdate();
    this.#frame = requestAnimationFrame(this.#grow);
  };

  #ended(entries: IntersectionObserverEntry[]): void {
    if (entries.some((entry) => entry.isIntersecting)) this.options.end();
  }
}

/** The nearest box that scrolls, through shadow roots; null for the window. */
export function scrollerOf(element: HTMLElement): HTMLElement | null {
  let at: Node | null = element.assignedSlot ?? element.parentNode;
  while (at) {
    if (at instanceof ShadowRoot) at = at.host;
    if (at instanceof HTMLElement && at !== document.body && at !== document.documentElement) {
      if (/auto|scroll|overlay/.test(getComputedStyle(at).overflowY)) return at;
    }
    at = (at instanceof Element && at.assignedSlot) || at.parentNode;
  }
  return null;
}
