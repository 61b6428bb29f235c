import type { ReactiveControllerHost } from 'lit';
import { noAnswer } from '../api/problem.js';
import { toastProblem } from '../elements/toast-stack/toasts.js';
import { msg } from '../i18n/index.js';

/**
 * A part of an element that is loaded when it is first needed: `begin()` it, draw with `value` once that is there. The
 * first page stays small, and a host that never opens a dialog never loads it.
 */
export class Later<Part> {
  value: Part | undefined;
  #loading: Promise<Part | undefined> | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly load: () => Promise<Part>,
  ) {}

  /** Load it, unless it is there or coming. A failure is told, and the next call tries again. */
  begin(): Promise<Part | undefined> {
    this.#loading ??= this.load().then(
      (part) => {
        this.value = part;
        this.host.requestUpdate();
        return part;
      },
      () => {
        this.#loading = undefined;
        toastProblem(msg('No se ha podido abrir.'), noAnswer());
        return undefined;
      },
    );
    return this.#loading;
  }

  /** Load it when the browser has nothing else to do, unless the person saves data. */
  soon(): void {
    const saving = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData;
    if (!saving && !this.#loading) (globalThis.requestIdleCallback ?? setTimeout)(() => void this.load().catch(() => undefined));
  }
}
