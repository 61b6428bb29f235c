import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Where the person is: `/patients/p-1/gallery` is `['patients', 'p-1', 'gallery']`. */
export interface Place {
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

/** The app itself went to another place. */
class PlaceEvent extends Event {
  static readonly type = 'place-change';
  constructor(readonly stay: boolean) {
    super(PlaceEvent.type);
  }
}

export function place(): Place {
  const parts = location.pathname.split('/').filter(Boolean).map(decoded);
  return { parts, query: new URLSearchParams(location.search) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // nothing is there, as its page will say
  }
}

/** The address of a place. */
export function pathTo(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

interface How {
  /** Without an entry of its own in the history. */
  replace?: boolean;
  /** The place belongs to the one before: the page stays where it was scrolled to. */
  stay?: boolean;
}

export function go(path: string, { replace = false, stay = false }: How = {}): void {
  if (path === location.pathname + location.search) return;
  if (replace) history.replaceState(history.state, '', path);
  else history.pushState({ from: true }, '', path);
  if (!stay) scrollTo(0, 0);
  dispatchEvent(new PlaceEvent(stay));
}

/** Back to where this place was opened from, or to `path` when it was opened by its address. */
export function leave(path: string): void {
  if ((history.state as { from?: boolean } | null)?.from) history.back();
  else go(path, { replace: true, stay: true });
}

/** Links of the app lead on without loading the page anew; everything else is the browser's. */
function followed(event: MouseEvent): void {
  const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
  const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute('download')) return;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || url.pathname.startsWith('/api/') || url.pathname.startsWith('/schema') || url.hash) return;
  event.preventDefault();
  go(url.pathname + url.search, { stay: link.hasAttribute('data-stay') });
}

/** The place, for an element that shows something else wherever it is. */
export class Router implements ReactiveController {
  place = place();
  #stop?: AbortController;

  constructor(
    private readonly host: ReactiveControllerHost,
    /** `fresh`: to a page of its own, not to a part of the one before and not by Back. */
    private readonly moved: (fresh: boolean) => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    addEventListener('popstate', this.#read, { signal });
    addEventListener(PlaceEvent.type, this.#read, { signal });
    document.addEventListener('click', followed, { signal });
  }

  hostDisconnected(): void {
    this.#stop?.abort();
  }

  #read = (event: Event): void => {
    const before = this.place;
    this.place = place();
    if (String(before.parts) !== String(this.place.parts)) this.moved(event instanceof PlaceEvent && !event.stay);
    this.host.requestUpdate();
  };
}
