import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { MediaElement } from '../../base/index.js';
import { Later } from '../../controllers/later.js';
import { DialogCloseEvent } from '../../ui/dialog-close.js';

/**
 * A dialog to upload photos and x-rays: pick, drop, paste or take them, say what they are for all or for each, watch
 * them go. Closed while they go, they go on; a tray in the corner of the page shows how far they are.
 *
 * @fires {PhotoUploadedEvent} photo-uploaded
 * @fires {PhotoShowEvent} photo-show - a photo that exists already is to be shown
 * @fires {DialogCloseEvent} dialog-close
 */
export class PhotoUpload extends MediaElement {
  static readonly tag = 'photo-upload';

  @property({ attribute: 'patient-id' }) patientId = '';
  @property({ attribute: 'patient-name' }) patientName = '';
  @property({ type: Boolean }) open = false;
  /** What is said for all at the beginning. */
  @property() category = '';
  @property() subtype = '';
  /** Files that were picked elsewhere; each new list is added. */
  @property({ attribute: false }) files: readonly File[] = [];

  readonly #part = new Later(this, () => import('./upload-dialog.js'));

  override connectedCallback(): void {
    super.connectedCallback();
    this.#part.soon();
  }

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
      <cm-upload-dialog
        .client=${this.api}
        .patientId=${this.patientId}
        .patientName=${this.patientName}
        .category=${this.category}
        .subtype=${this.subtype}
        .files=${this.files}
        .open=${this.open}
        @dialog-close=${(event: Event) => this.#close(event)}
      ></cm-upload-dialog>
    `;
  }
}
