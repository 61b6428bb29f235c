import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { announce } from './announce.js';
import { msg, plural, str } from '../i18n/index.js';
import { all, extended, kept, NONE, range, toggled, type Selection } from '../state/selection.js';

/** What is chosen in a grid, and the range that a click with Shift would choose. */
export class GallerySelection implements ReactiveController {
  now: Selection = NONE;
  preview: ReadonlySet<string> = new Set();
  #hovered: string | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly order: () => readonly string[],
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('keydown', this.#shift);
    addEventListener('keyup', this.#shift);
  }

  hostDisconnected(): void {
    removeEventListener('keydown', this.#shift);
    removeEventListener('keyup', this.#shift);
  }

  get active(): boolean {
    return this.now.chosen.size > 0;
  }

  has(id: string): boolean {
    return this.now.chosen.has(id);
  }

  toggle(id: string, asRange: boolean): void {
    const ranged = asRange && this.now.anchor !== null;
    this.set(ranged ? extended(this.now, this.order(), id) : toggled(this.now, id));
  }

  /** From where the keyboard was to where it is. */
  extend(from: string, to: string): void {
    const begun = this.now.anchor === null ? { ...this.now, anchor: from } : this.now;
    this.set(extended(begun, this.order(), to));
  }

  all(everything = false): void {
    this.set(all(this.order(), everything));
  }

  clear(): void {
    this.set(NONE);
  }

  /** After the list changed. */
  prune(): void {
    if (this.active || this.now.anchor !== null) this.now = kept(this.now, this.order());
  }

  set(selection: Selection): void {
    const before = this.now.chosen.size;
    this.now = selection;
    this.preview = new Set();
    const n = selection.chosen.size;
    if (n !== before) announce(n === 0 ? msg('Nada seleccionado') : plural(n, msg('1 seleccionada'), msg(str`${n} seleccionadas`)));
    this.host.requestUpdate();
  }

  hover(id: string | null, shift: boolean): void {
    this.#hovered = id;
    this.#show(shift);
  }

  #shift = (event: KeyboardEvent): void => {
    if (event.key === 'Shift') this.#show(event.type === 'keydown');
  };

  #show(shift: boolean): void {
    const { anchor } = this.now;
    const ids = shift && this.#hovered && anchor !== null && this.active ? range(this.order(), anchor, this.#hovered) : [];
    if (ids.length === 0 && this.preview.size === 0) return;
    this.preview = new Set(ids);
    this.host.requestUpdate();
  }
}
