import { consume } from '@lit/context';
import { css, html, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { define, MediaElement } from '../../src/base/index.js';
import type { Patient } from '../../src/api/directory.js';
import type { Session } from '../../src/api/session.js';
import type { NoteSavedEvent } from '../../src/elements/note-composer/events.js';
import type { NoteList } from '../../src/elements/note-list/note-list.js';
import { msg } from '../../src/i18n/index.js';
import { pathTo } from '../router.js';
import { may, sessionContext } from '../session.js';
import { page, segments } from '../styles.js';

/** Administración: the patient's notes, and the documents that are no photos. */
export class PatientAdmin extends MediaElement {
  static readonly tag = 'patient-admin';

  @consume({ context: sessionContext, subscribe: true }) session?: Session;
  @property({ attribute: false }) patient!: Patient;
  @property() section: 'notes' | 'documents' = 'notes';
  @state() private kind: 'administrative' | 'diagnosis' = 'administrative';
  @query('note-list') private notes!: NoteList | null;

  protected override render(): TemplateResult {
    const { id, display_name: name } = this.patient;
    return html`
      ${may(this.session, 'notes.read') ? this.#parts() : nothing}
      ${this.section === 'documents'
        ? html`
            <document-gallery
              patient-id=${id}
              patient-name=${name}
              ?readonly=${!may(this.session, 'media.documents.write', id)}
              ?no-delete=${!may(this.session, 'media.documents.delete', id)}
            ></document-gallery>
          `
        : this.#notes()}
    `;
  }

  #parts(): TemplateResult {
    const one = (section: string, href: string, label: string): TemplateResult => html`
      <a href=${href} data-stay aria-current=${this.section === section ? 'page' : nothing}>${label}</a>
    `;
    const { id } = this.patient;
    return html`
      <nav class="segments parts" aria-label=${msg('Administración')}>
        ${one('notes', pathTo('patients', id, 'admin'), msg('Notas'))}
        ${one('documents', pathTo('patients', id, 'admin', 'documents'), msg('Documentos'))}
      </nav>
    `;
  }

  #notes(): TemplateResult {
    const { id } = this.patient;
    return html`
      <div class="notes">
        ${may(this.session, 'notes.write') ? this.#composer() : nothing}
        <section class="card" aria-labelledby="recent">
          <h2 id="recent">${msg('Notas recientes')}</h2>
          <note-list
            patient-id=${id}
            user-id=${this.session?.user_id ?? ''}
            ?admin=${this.session?.roles.includes('admin') ?? false}
          ></note-list>
        </section>
      </div>
    `;
  }

  #composer(): TemplateResult {
    const { id } = this.patient;
    const kind = (key: PatientAdmin['kind'], label: string): TemplateResult => html`
      <button class="chip" type="button" aria-pressed=${this.kind === key} @click=${() => (this.kind = key)}>${label}</button>
    `;
    return html`
      <section class="card writing" aria-labelledby="new">
        <header>
          <h2 id="new">${msg('Nueva nota')}</h2>
          <div class="chips" role="group" aria-label=${msg('Clase de nota')}>
            ${kind('administrative', msg('Administrativa'))} ${kind('diagnosis', msg('Diagnóstico'))}
          </div>
        </header>
        <note-composer
          owner-type="patient"
          owner-id=${id}
          patient-id=${id}
          note-type=${this.kind}
          @note-saved=${(event: NoteSavedEvent) => this.notes?.add(event.note)}
        ></note-composer>
      </section>
    `;
  }

  static override styles = [
    ...page,
    segments,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--cm-space-4);
      }
      .parts {
        justify-self: start;
        padding: 3px;
      }
      .parts a {
        min-block-size: calc(var(--cm-size) - 6px);
        padding: 0 var(--cm-space-4);
        font-weight: 500;
        text-decoration: none;
      }
      .notes {
        display: grid;
        grid-template-columns: minmax(0, 5fr) minmax(0, 6fr);
        align-items: start;
        gap: var(--cm-space-6);
      }
      .notes > :only-child {
        grid-column: 1 / -1;
      }
      @media (max-width: 75rem) {
        .notes {
          grid-template-columns: minmax(0, 1fr);
          gap: var(--cm-space-4);
        }
      }
    `,
  ];
}

define(PatientAdmin);

declare global {
  interface HTMLElementTagNameMap {
    'patient-admin': PatientAdmin;
  }
}
