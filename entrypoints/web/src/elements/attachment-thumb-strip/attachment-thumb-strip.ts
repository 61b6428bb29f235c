import { css, html, type CSSResultGroup, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { MediaElement } from '../../base/index.js';
import { Later } from '../../controllers/later.js';

/**
 * What is attached to a record, as a strip of small pictures: open, add, put into order, take off.
 *
 * @fires {AttachmentsChangeEvent} attachments-change
 * @fires {AttachmentOpenEvent} attachment-open - cancel it to open the attachment in your own way
 * @csspart strip
 * @csspart thumb
 * @cssprop [--cm-thumb-size=72px] - of the squares
 */
export class AttachmentThumbStrip extends MediaElement {
  static readonly tag = 'attachment-thumb-strip';

  @property({ attribute: 'owner-type' }) ownerType = '';
  @property({ attribute: 'owner-id' }) ownerId = '';
  /** Whose record it is; without it nothing can be added. */
  @property({ attribute: 'patient-id' }) patientId = '';
  @property({ type: Boolean }) readonly = false;
  /** What added photos become. */
  @property() category = 'clinical';
  @property() subtype = 'reference';
  /** How the strip is called, for screen readers. */
  @property() label = '';

  readonly #part = new Later(this, () => import('./strip.js'));

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#part.begin();
  }

  /** Ask the service again what is attached. */
  async reload(): Promise<void> {
    await this.renderRoot.querySelector('cm-strip')?.reload();
  }

  protected override render(): TemplateResult {
    if (!this.#part.value) return html`<div class="room"></div>`;
    return html`
      <cm-strip
        exportparts="strip, thumb"
        .client=${this.api}
        .ownerType=${this.ownerType}
        .ownerId=${this.ownerId}
        .patientId=${this.patientId}
        .readonly=${this.readonly}
        .category=${this.category}
        .subtype=${this.subtype}
        .label=${this.label}
      ></cm-strip>
    `;
  }

  static override styles: CSSResultGroup = css`
    :host {
      display: block;
    }
    .room {
      block-size: var(--cm-thumb-size, 72px);
    }
  `;
}
