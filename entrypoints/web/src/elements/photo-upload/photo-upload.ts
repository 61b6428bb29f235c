import { html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { LaterDialog } from '../../ui/later-dialog.js';

/**
 * A dialog to upload photos and x-rays: pick, drop, paste or take them, say what they are for all or for each, watch
 * them go. Closed while they go, they go on; a tray in the corner of the page shows how far they are.
 *
 * @fires {PhotoUploadedEvent} photo-uploaded
 * @fires {PhotoShowEvent} photo-show - a photo that exists already is to be shown
 * @fires {DialogCloseEvent} dialog-close
 */
export class PhotoUpload extends LaterDialog {
  static readonly tag = 'photo-upload';

  @property({ attribute: 'patient-id' }) patientId = '';
  @property({ attribute: 'patient-name' }) patientName = '';
  /** What is said for all at the beginning. */
  @property() category = '';
  @property() subtype = '';
  /** Files that were picked elsewhere; each new list is added. */
  @property({ attribute: false }) files: readonly File[] = [];

  protected override load(): Promise<unknown> {
    return import('./upload-dialog.js');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.inside.soon();
  }

  protected override dialog(): TemplateResult {
    return html`
      <cm-upload-dialog
        .client=${this.api}
        .patientId=${this.patientId}
        .patientName=${this.patientName}
        .category=${this.category}
        .subtype=${this.subtype}
        .files=${this.files}
        .open=${this.open}
        @dialog-close=${this.closed}
      ></cm-upload-dialog>
    `;
  }
}
