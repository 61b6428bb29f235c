import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { panned, WHOLE, zoomed, type View } from '../state/view.js';

interface Point {
  x: number;
  y: number;
}

/** Wheel, pinch, drag and double click on boxes that show one view. */
export class ZoomPan implements ReactiveController {
  view: View = WHOLE;
  #fingers = new Map<number, PointerEvent>();

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#fingers.clear();
  }

  set(view: View): void {
    this.view = view;
    this.host.requestUpdate();
  }

  /** Larger or smaller around the middle. */
  zoom(factor: number): void {
    this.set(zoomed(this.view, factor));
  }

  pan(dx: number, dy: number): void {
    this.set(panned(this.view, dx, dy));
  }

  readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    this.set(zoomed(this.view, Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), place(event)));
  };

  readonly doubled = (event: MouseEvent): void => {
    this.set(this.view.scale > 1 ? WHOLE : zoomed(this.view, 2.5, place(event)));
  };

  readonly down = (event: PointerEvent): void => {
    this.#fingers.set(event.pointerId, event);
    if (this.view.scale > 1 || this.#fingers.size > 1) (event.currentTarget as Element).setPointerCapture(event.pointerId);
  };

  readonly move = (event: PointerEvent): void => {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const others = [...this.#fingers.values()].filter(({ pointerId }) => pointerId !== event.pointerId);
    const [other] = others;
    if (other) {
      const factor = distance(event, other) / Math.max(1, distance(before, other));
      const middle = { clientX: (event.clientX + other.clientX) / 2, clientY: (event.clientY + other.clientY) / 2 };
      this.view = zoomed(this.view, factor, within(middle, box));
    }
    const share = other ? 0.5 : 1;
    this.#fingers.set(event.pointerId, event);
    this.pan((share * (event.clientX - before.clientX)) / box.width, (share * (event.clientY - before.clientY)) / box.height);
  };

  readonly up = (event: PointerEvent): void => {
    this.#fingers.delete(event.pointerId);
  };
}

function distance(one: MouseEvent, two: MouseEvent): number {
  return Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
}

function within(point: { clientX: number; clientY: number }, box: DOMRect): Point {
  return { x: (point.clientX - box.left) / box.width, y: (point.clientY - box.top) / box.height };
}

function place(event: MouseEvent): Point {
  return within(event, (event.currentTarget as Element).getBoundingClientRect());
}
