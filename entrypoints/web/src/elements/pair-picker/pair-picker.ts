import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { MediaElement } from '../../base/index.js';
import type { MediaDocument } from '../../api/types.js';
import { Later } from '../../controllers/later.js';
import { DialogCloseEvent } from '../../ui/dialog-close.js';

/**
 * A dialog to choose the other photo of a pair, from all of the patient's photos that have none. The earlier one is
 * before, unless swapped.
 *
 * @fires {PairedEvent} paired
 * @fires {DialogCloseEvent} dialog-close
 */
export class PairPicker extends MediaElement {
  static readonly tag = 'pair-picker';

  /** The photo that gets a partner. */
  @property({ attribute: false }) photo?: MediaDocument;
  /** Its id, where the host has no more. */
  @property({ attribute: 'document-id' }) documentId = '';
  @property({ type: Boolean }) open = false;

  readonly #part = new Later(this, () => import('./pair-dialog.js'));

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (this.open) void this.#part.begin().then((part) => part ?? this.#close());
  }

  #close(event?: Event): void {
    if (this.dispatchEvent(new DialogCloseEvent())) this.open = false;
    else event?.preventDefault();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.#part.value) return nothing;
    return html`
      <cm-pair-dialog
        .client=${this.api}
        .photo=${this.photo}
        .documentId=${this.documentId}
        .open=${this.open}
        @dialog-close=${(event: Event) => this.#close(event)}
      ></cm-pair-dialog>
    `;
  }
}
