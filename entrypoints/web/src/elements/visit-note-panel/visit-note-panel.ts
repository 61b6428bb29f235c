import { css, html, nothing, type TemplateResult } from 'lit';
import { html as staticHtml, unsafeStatic } from 'lit/static-html.js';
import { property, query } from 'lit/decorators.js';
import { MediaElement, nameOf, reset } from '../../base/index.js';
import { msg } from '../../i18n/index.js';
import { AttachmentThumbStrip } from '../attachment-thumb-strip/attachment-thumb-strip.js';
import { NoteComposer } from '../note-composer/note-composer.js';
import type { NoteSavedEvent } from '../note-composer/events.js';
import { NoteList } from '../note-list/note-list.js';

/**
 * A visit: its photos and x-rays, which anything put on the treatment joins, and with `appointment-id` its notes.
 *
 * @fires {AttachmentsChangeEvent} attachments-change
 * @fires {NoteSavedEvent} note-saved
 * @fires {NotesChangeEvent} notes-change
 * @csspart pictures
 * @csspart notes
 * @cssprop [--cm-thumb-size=112px] - of the squares
 */
export class VisitNotePanel extends MediaElement {
  static readonly tag = 'visit-note-panel';

  @property({ attribute: 'appointment-treatment-id' }) appointmentTreatmentId = '';
  /** The appointment that the notes belong to. */
  @property({ attribute: 'appointment-id' }) appointmentId = '';
  /** Whose visit it is; without it nothing can be uploaded. */
  @property({ attribute: 'patient-id' }) patientId = '';
  @property({ type: Boolean }) readonly = false;
  /** Who is looking: may change and delete notes of their own. */
  @property({ attribute: 'user-id' }) userId = '';
  /** May change and delete everybody's. */
  @property({ type: Boolean }) admin = false;
  @query('.notes .list') private list!: NoteList | null;

  protected override render(): TemplateResult {
    return html`${this.#pictures()} ${this.appointmentId ? this.#notes() : nothing}`;
  }

  #pictures(): TemplateResult {
    const tag = unsafeStatic(nameOf(AttachmentThumbStrip));
    return staticHtml`
      <section class="pictures" part="pictures" aria-labelledby="pictures">
        <h3 id="pictures">${msg('Fotos y radiografías')}</h3>
        <${tag}
          .client=${this.api}
          owner-type="appointment_treatment"
          owner-id=${this.appointmentTreatmentId}
          patient-id=${this.patientId}
          label=${msg('Fotos y radiografías')}
          .readonly=${this.readonly}
        ></${tag}>
      </section>
    `;
  }

  #notes(): TemplateResult {
    const list = unsafeStatic(nameOf(NoteList));
    const composer = unsafeStatic(nameOf(NoteComposer));
    const saved = (event: NoteSavedEvent): void => this.list?.add(event.note);
    const write = staticHtml`
      <${composer}
        .client=${this.api}
        owner-type="appointment"
        owner-id=${this.appointmentId}
        patient-id=${this.patientId}
        label=${msg('Nota de la visita')}
        @note-saved=${saved}
      ></${composer}>
    `;
    return staticHtml`
      <section class="notes" part="notes" aria-labelledby="notes">
        <h3 id="notes">${msg('Notas')}</h3>
        ${this.readonly ? nothing : write}
        <${list}
          class="list"
          .client=${this.api}
          owner-type="appointment"
          owner-id=${this.appointmentId}
          user-id=${this.userId}
          ?admin=${this.admin}
        ></${list}>
      </section>
    `;
  }

  static override styles = [
    reset,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--cm-space-6);
        --cm-thumb-size: 112px;
      }
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--cm-space-3);
      }
      h3 {
        font: var(--cm-text-md);
        font-weight: 600;
      }
      .notes {
        --cm-thumb-size: 72px;
      }
      .list {
        margin-block-start: var(--cm-space-3);
      }
    `,
  ];
}
