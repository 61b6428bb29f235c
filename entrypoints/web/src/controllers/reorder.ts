import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { announce } from './announce.js';
import { handled, type Keymap } from './hotkeys.js';
import { msg, str } from '../i18n/index.js';
import { carried, nearest } from '../state/order.js';

const SLACK = 6;
const HOLD = 350;

interface Options {
  order: () => readonly string[];
  /** The boxes of the items, in order, each with its id in `data-id`. */
  boxes: () => HTMLElement[];
  /** Show another order, while something is being carried. */
  show: (order: readonly string[]) => void;
  /** The order is final. */
  drop: (order: readonly string[]) => void;
  nameOf: (id: string) => string;
  enabled: () => boolean;
}

/** Put things into another order: drag with the mouse, hold and drag with a finger, or lift, move and drop by keys. */
export class Reorder implements ReactiveController {
  /** What is being carried. */
  carried: string | null = null;
  #before: readonly string[] = [];
  #start: (Pick<PointerEvent, 'clientX' | 'clientY' | 'pointerType'> & { id: string }) | null = null;
  #timer = 0;
  /** The click that ends a drag opens nothing. */
  #dragged = false;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly options: Options,
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#letGo();
  }

  readonly down = (event: PointerEvent): void => {
    const id = idOf(event);
    if (!this.options.enabled() || id === null || event.button !== 0) return;
    const { clientX, clientY, pointerType } = event;
    this.#start = { id, clientX, clientY, pointerType };
    this.#dragged = false;
    if (event.pointerType === 'touch') this.#timer = window.setTimeout(() => this.#lift(id), HOLD);
    addEventListener('pointermove', this.#move, { passive: false });
    addEventListener('pointerup', this.#up);
    addEventListener('pointercancel', this.#letGo);
    addEventListener('touchmove', this.#hold, { passive: false });
  };

  /** While something is carried the page must not scroll under the finger. */
  #hold = (event: Event): void => {
    if (this.carried) event.preventDefault();
  };

  #move = (event: PointerEvent): void => {
    const start = this.#start;
    if (!start) return;
    const far = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > SLACK;
    if (this.carried === null) {
      if (!far) return;
      if (start.pointerType === 'touch') return this.#letGo();
      this.#lift(start.id);
    }
    this.#dragged = true;
    event.preventDefault();
    this.#to(nearest(this.options.boxes().map((box) => box.getBoundingClientRect()), event.clientX, event.clientY));
  };

  #up = (): void => {
    if (this.carried !== null) this.#drop();
    this.#letGo();
  };

  /** For a listener of clicks, in the capture phase. */
  readonly click = (event: Event): void => {
    if (!this.#dragged) return;
    this.#dragged = false;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Space lifts and drops, arrows move, Esc puts back. True when the key meant that. */
  pressed(event: KeyboardEvent, id: string): boolean {
    if (!this.options.enabled()) return false;
    if (this.carried === null) return handled(event, { ' ': () => this.#liftByKey(id) });
    const at = this.options.order().indexOf(this.carried);
    const to = (place: number) => (): void => this.moveTo(place);
    const moves: Keymap = { ArrowLeft: to(at - 1), ArrowUp: to(at - 1), ArrowRight: to(at + 1), ArrowDown: to(at + 1) };
    const rest: Keymap = { Home: to(0), End: to(Infinity), ' ': () => this.#drop(), Enter: () => this.#drop(), Escape: () => this.cancel() };
    return handled(event, { ...moves, ...rest });
  }

  #liftByKey(id: string): void {
    this.#lift(id);
    announce(msg(str`${this.options.nameOf(id)} levantada, ${this.#place(id)}. Flechas para mover, espacio para soltar, Esc para cancelar.`));
  }

  /** Move what is carried, and say where it is. */
  moveTo(place: number): void {
    const id = this.carried;
    if (id === null) return;
    this.#to(place);
    announce(this.#place(id));
  }

  /** Take an item straight to a place, as a menu does. */
  put(id: string, place: number): void {
    this.#lift(id);
    this.#to(place);
    this.#drop();
  }

  /** The focus has left what is being carried by keys; where the item only moved in the page, it comes back at once. */
  readonly left = (event: Event): void => {
    const box = event.currentTarget as HTMLElement;
    if (this.carried === null || this.#start !== null) return;
    setTimeout(() => {
      if (!box.matches(':focus')) this.cancel();
    }, 50);
  };

  cancel(): void {
    if (this.carried === null) return;
    this.options.show(this.#before);
    announce(msg('Vuelve a su sitio'));
    this.#letGo();
  }

  #place(id: string): string {
    const order = this.options.order();
    return msg(str`${order.indexOf(id) + 1} de ${order.length}`);
  }

  #lift(id: string): void {
    this.carried = id;
    this.#before = [...this.options.order()];
    this.host.requestUpdate();
  }

  #to(place: number): void {
    const order = this.options.order();
    const from = order.indexOf(this.carried ?? '');
    const to = Math.max(0, Math.min(place, order.length - 1));
    if (from !== -1 && from !== to) this.options.show(carried(order, from, to));
  }

  #drop(): void {
    const id = this.carried;
    const order = this.options.order();
    this.carried = null;
    this.host.requestUpdate();
    if (id === null || order.join() === this.#before.join()) return;
    announce(msg(str`${this.options.nameOf(id)} en su sitio, ${this.#place(id)}`));
    this.options.drop(order);
  }

  #letGo = (): void => {
    clearTimeout(this.#timer);
    this.#start = null;
    this.carried = null;
    removeEventListener('pointermove', this.#move);
    removeEventListener('pointerup', this.#up);
    removeEventListener('pointercancel', this.#letGo);
    removeEventListener('touchmove', this.#hold);
    this.host.requestUpdate();
  };
}

function idOf(event: Event): string | null {
  const box = event.composedPath().find((target) => target instanceof HTMLElement && target.dataset['id']);
  return box instanceof HTMLElement ? (box.dataset['id'] ?? null) : null;
}
