import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Whether the browser has a connection; `back` is called when it returns. */
export class Online implements ReactiveController {
  now = navigator.onLine;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly back?: () => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('online', this.#changed);
    addEventListener('offline', this.#changed);
  }

  hostDisconnected(): void {
    removeEventListener('online', this.#changed);
    removeEventListener('offline', this.#changed);
  }

  #changed = (event: Event): void => {
    this.now = event.type === 'online';
    this.host.requestUpdate();
    if (this.now) this.back?.();
  };
}
