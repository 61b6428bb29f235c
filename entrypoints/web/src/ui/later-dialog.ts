import { nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { MediaElement } from '../base/index.js';
import { Later } from '../controllers/later.js';
import { DialogCloseEvent } from './dialog-close.js';

/** An element that is a dialog, whose inside is loaded when it is first opened. */
export abstract class LaterDialog extends MediaElement {
  @property({ type: Boolean }) open = false;

  protected readonly inside: Later<unknown> = new Later(this, () => this.load());

  /** Import what `dialog` draws. */
  protected abstract load(): Promise<unknown>;
  /** The inside; it is told `open` and `closed`. */
  protected abstract dialog(): TemplateResult;

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (this.open) void this.inside.begin().then((part) => part ?? this.closed());
  }

  /** Closing can be refused by whoever listens. */
  protected readonly closed = (event?: Event): void => {
    if (this.dispatchEvent(new DialogCloseEvent())) this.open = false;
    else event?.preventDefault();
  };

  protected override render(): TemplateResult | typeof nothing {
    return this.inside.value ? this.dialog() : nothing;
  }
}
