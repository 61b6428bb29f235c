import type { ReactiveController, ReactiveControllerHost } from 'lit';

interface Options {
  /** Where a drop counts; the whole page for an element that fills it. */
  area?: () => EventTarget;
  drop: (files: File[]) => void;
  enabled?: () => boolean;
}

/** Files dragged over an area; `over` is true while they are, for the element to show it. */
export class DropTarget implements ReactiveController {
  over = false;
  #depth = 0;
  #stop?: AbortController;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly options: Options,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const area = this.options.area?.() ?? this.host;
    area.addEventListener('dragenter', (event) => this.#enter(event as DragEvent), { signal });
    area.addEventListener('dragleave', (event) => this.#leave(event as DragEvent), { signal });
    area.addEventListener('dragover', (event) => this.#hover(event as DragEvent), { signal });
    area.addEventListener('drop', (event) => this.#dropped(event as DragEvent), { signal });
  }

  hostDisconnected(): void {
    this.#stop?.abort();
    this.#depth = 0;
    this.over = false;
  }

  #counts(event: DragEvent): boolean {
    const files = event.dataTransfer?.types.includes('Files') ?? false;
    return files && !event.defaultPrevented && (this.options.enabled?.() ?? true);
  }

  #enter(event: DragEvent): void {
    if (!this.#counts(event)) return;
    this.#depth += 1;
    this.#set(true);
  }

  #leave(event: DragEvent): void {
    if (!this.#counts(event)) return;
    this.#depth = Math.max(0, this.#depth - 1);
    this.#set(this.#depth > 0);
  }

  #hover(event: DragEvent): void {
    if (!this.#counts(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
  }

  #dropped(event: DragEvent): void {
    const counts = this.#counts(event);
    this.#depth = 0;
    this.#set(false);
    if (!counts) return;
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) this.options.drop(files);
  }

  #set(over: boolean): void {
    if (over === this.over) return;
    this.over = over;
    this.host.requestUpdate();
  }
}
