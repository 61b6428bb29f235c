import { css, html, type CSSResultGroup, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { MediaElement } from '../../base/index.js';
import type { Note } from '../../api/types.js';
import { Later } from '../../controllers/later.js';

/**
 * The notes on a record with their attachments, newest first; with `patient-id` alone, a patient's notes on whatever
 * record.
 *
 * @fires {NotesChangeEvent} notes-change
 * @csspart note
 */
export class NoteList extends MediaElement {
  static readonly tag = 'note-list';

  @property({ attribute: 'owner-type' }) ownerType = '';
  @property({ attribute: 'owner-id' }) ownerId = '';
  @property({ attribute: 'patient-id' }) patientId = '';
  /** Who is looking: may change and delete notes of their own. */
  @property({ attribute: 'user-id' }) userId = '';
  /** May change and delete everybody's. */
  @property({ type: Boolean }) admin = false;

  readonly #part = new Later(this, () => import('./notes.js'));

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#part.begin();
  }

  /** Ask the service again. */
  async reload(): Promise<void> {
    await this.renderRoot.querySelector('cm-notes')?.reload();
  }

  /** Show a note that was written just now. */
  add(note: Note): void {
    this.renderRoot.querySelector('cm-notes')?.add(note);
  }

  protected override render(): TemplateResult {
    if (!this.#part.value) return html`<div class="room"></div>`;
    return html`
      <cm-notes
        exportparts="note"
        .client=${this.api}
        .ownerType=${this.ownerType}
        .ownerId=${this.ownerId}
        .patientId=${this.patientId}
        .userId=${this.userId}
        .admin=${this.admin}
      ></cm-notes>
    `;
  }

  static override styles: CSSResultGroup = css`
    :host {
      display: block;
    }
    .room {
      block-size: 4rem;
    }
  `;
}
