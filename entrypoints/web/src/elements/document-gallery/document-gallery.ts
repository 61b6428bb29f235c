import { css, html, type CSSResultGroup, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { MediaElement } from '../../base/index.js';
import { Later } from '../../controllers/later.js';

/**
 * The documents of a patient that are neither photos nor x-rays: consents, insurance, reports. Filter by type, search,
 * upload, view, edit, trash.
 *
 * @fires {DocumentOpenEvent} document-open - cancel it to show the document in your own way
 * @fires {DocumentsChangedEvent} documents-change
 * @csspart rail
 * @csspart grid
 * @csspart card
 */
export class DocumentGallery extends MediaElement {
  static readonly tag = 'document-gallery';

  @property({ attribute: 'patient-id' }) patientId = '';
  /** Named when files are dropped, so that nobody uploads to the wrong patient. */
  @property({ attribute: 'patient-name' }) patientName = '';
  /** Look, do not touch. */
  @property({ type: Boolean }) readonly = false;
  /** Change, but do not throw away. */
  @property({ type: Boolean, attribute: 'no-delete' }) noDelete = false;

  readonly #part = new Later(this, () => import('./documents.js'));

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#part.begin();
  }

  /** Ask the service again what there is. */
  async reload(): Promise<void> {
    await this.renderRoot.querySelector('cm-documents')?.reload();
  }

  protected override render(): TemplateResult {
    if (!this.#part.value) return html`<div class="room"></div>`;
    return html`
      <cm-documents
        exportparts="rail, grid, card"
        .client=${this.api}
        .patientId=${this.patientId}
        .patientName=${this.patientName}
        .readonly=${this.readonly}
        .noDelete=${this.noDelete}
      ></cm-documents>
    `;
  }

  static override styles: CSSResultGroup = css`
    :host {
      display: block;
    }
    .room {
      min-block-size: 20rem;
    }
  `;
}
