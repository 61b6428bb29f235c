import { html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { MediaDocument } from '../../api/types.js';
import { LaterDialog } from '../../ui/later-dialog.js';

/**
 * A dialog to choose the other photo of a pair, from all of the patient's photos that have none. The earlier one is
 * before, unless swapped.
 *
 * @fires {PairedEvent} paired
 * @fires {DialogCloseEvent} dialog-close
 */
export class PairPicker extends LaterDialog {
  static readonly tag = 'pair-picker';

  /** The photo that gets a partner. */
  @property({ attribute: false }) photo?: MediaDocument;
  /** Its id, where the host has no more. */
  @property({ attribute: 'document-id' }) documentId = '';

  protected override load(): Promise<unknown> {
    return import('./pair-dialog.js');
  }

  protected override dialog(): TemplateResult {
    return html`
      <cm-pair-dialog
        .client=${this.api}
        .photo=${this.photo}
        .documentId=${this.documentId}
        .open=${this.open}
        @dialog-close=${this.closed}
      ></cm-pair-dialog>
    `;
  }
}
