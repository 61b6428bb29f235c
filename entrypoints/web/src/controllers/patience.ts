import type { ReactiveController, ReactiveControllerHost } from 'lit';

const SKELETON = 150;
const SLOW = 8_000;

/** How long something has been loading: nothing to show yet, a skeleton, or a word that it takes long. */
export class Patience implements ReactiveController {
  phase: 'quiet' | 'waiting' | 'slow' = 'quiet';
  #timers: ReturnType<typeof setTimeout>[] = [];

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.end();
  }

  begin(): void {
    this.end();
    this.#timers = [setTimeout(() => this.#set('waiting'), SKELETON), setTimeout(() => this.#set('slow'), SLOW)];
  }

  end(): void {
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
    if (this.phase !== 'quiet') this.#set('quiet');
  }

  #set(phase: Patience['phase']): void {
    this.phase = phase;
    this.host.requestUpdate();
  }
}
