import type { ReactiveController, ReactiveControllerHost } from 'lit';

interface Host extends ReactiveControllerHost {
  urlParam: string;
}

/** The open photo stands in the page's address: it can be sent to a colleague, and Back closes it. */
export class PhotoAddress implements ReactiveController {
  /** We made the entry of the history that is open, so going back leads to where the photo was opened. */
  #pushed = false;
  #seen = '';
  #before = '';

  constructor(
    private readonly host: Host,
    private readonly show: (id: string | null) => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('popstate', this.#read);
    if (this.#asked() !== null) this.#read();
  }

  hostDisconnected(): void {
    removeEventListener('popstate', this.#read);
  }

  /** Asked for every card of every drawing, so the address is taken apart only when it is another one. */
  hrefOf(id: string): string {
    if (!this.host.urlParam) return '';
    if (this.#seen !== location.href) {
      this.#seen = location.href;
      this.#before = this.#with('');
    }
    return this.#before + encodeURIComponent(id);
  }

  opened(id: string): void {
    if (!this.host.urlParam) return;
    history.pushState(history.state, '', this.#with(id));
    this.#pushed = true;
  }

  moved(id: string): void {
    if (this.host.urlParam) history.replaceState(history.state, '', this.#with(id));
  }

  closed(): void {
    if (this.#asked() === null) return;
    if (this.#pushed) history.back();
    else history.replaceState(history.state, '', this.#with(null));
    this.#pushed = false;
  }

  #asked(): string | null {
    return this.host.urlParam ? new URL(location.href).searchParams.get(this.host.urlParam) : null;
  }

  #with(id: string | null): string {
    const url = new URL(location.href);
    url.searchParams.delete(this.host.urlParam);
    if (id !== null) url.searchParams.append(this.host.urlParam, id);
    return url.href;
  }

  #read = (): void => {
    const id = this.#asked();
    if (id === null) this.#pushed = false;
    this.show(id);
  };
}
