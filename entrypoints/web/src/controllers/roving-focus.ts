import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { handled } from './hotkeys.js';

interface Options {
  /** The elements that take part, in order. */
  items: () => HTMLElement[];
  /** Which arrows move; `both` for a list that wraps. */
  axis?: 'row' | 'column' | 'both';
}

/** One tab stop for a toolbar, a row of chips, a menu: arrows, Home and End move within. */
export class RovingFocus implements ReactiveController {
  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly options: Options,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.host.addEventListener('keydown', this.#press);
    this.host.addEventListener('focusin', this.#entered);
  }

  hostDisconnected(): void {
    this.host.removeEventListener('keydown', this.#press);
    this.host.removeEventListener('focusin', this.#entered);
  }

  hostUpdated(): void {
    const items = this.options.items();
    const current = items.find((item) => item.tabIndex === 0 && item.matches(':focus')) ?? items.find(isCurrent) ?? items[0];
    for (const item of items) item.tabIndex = item === current ? 0 : -1;
  }

  #entered = (event: Event): void => {
    const items = this.options.items();
    const target = event.composedPath()[0];
    if (!items.includes(target as HTMLElement)) return;
    for (const item of items) item.tabIndex = item === target ? 0 : -1;
  };

  #press = (event: KeyboardEvent): void => {
    const items = this.options.items();
    const at = items.indexOf(event.composedPath()[0] as HTMLElement);
    if (at === -1) return;
    const to = (index: number) => (): void => items[(index + items.length) % items.length]?.focus();
    const axis = this.options.axis ?? 'row';
    const row = axis !== 'column' ? { ArrowRight: to(at + 1), ArrowLeft: to(at - 1) } : {};
    const column = axis !== 'row' ? { ArrowDown: to(at + 1), ArrowUp: to(at - 1) } : {};
    handled(event, { ...row, ...column, Home: to(0), End: to(items.length - 1) });
  };
}

function isCurrent(item: HTMLElement): boolean {
  return ['aria-selected', 'aria-checked', 'aria-pressed', 'aria-current'].some((name) => item.getAttribute(name) === 'true');
}
