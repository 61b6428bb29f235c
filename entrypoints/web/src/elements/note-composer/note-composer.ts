import { css, html, type CSSResultGroup, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { MediaElement } from '../../base/index.js';
import { Later } from '../../controllers/later.js';

/**
 * Write a note on a record, with photos and documents that are uploaded while it is written. What is written stays for
 * the session, also when the element goes.
 *
 * @fires {NoteSavedEvent} note-saved
 * @fires {NoteCancelEvent} note-cancel
 * @csspart text
 * @csspart attachments
 */
export class NoteComposer extends MediaElement {
  static readonly tag = 'note-composer';

  /** patient, treatment, plan or appointment. */
  @property({ attribute: 'owner-type' }) ownerType = '';
  @property({ attribute: 'owner-id' }) ownerId = '';
  /** Whose record it is; without it nothing can be attached. */
  @property({ attribute: 'patient-id' }) patientId = '';
  /** `diagnosis` may name a tooth; without it, what the type of record has. */
  @property({ attribute: 'note-type' }) noteType = '';
  /** What the text is called, for everyone. */
  @property() label = '';

  readonly #part = new Later(this, () => import('./composer.js'));

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#part.begin();
  }

  override focus(): void {
    this.renderRoot.querySelector('cm-composer')?.focus();
  }

  protected override render(): TemplateResult {
    if (!this.#part.value) return html`<div class="room"></div>`;
    return html`
      <cm-composer
        exportparts="text, attachments"
        .client=${this.api}
        .ownerType=${this.ownerType}
        .ownerId=${this.ownerId}
        .patientId=${this.patientId}
        .noteType=${this.noteType}
        .label=${this.label}
      ></cm-composer>
    `;
  }

  static override styles: CSSResultGroup = css`
    :host {
      display: block;
    }
    .room {
      block-size: 9.5rem;
    }
  `;
}
