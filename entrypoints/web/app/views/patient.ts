import { consume } from '@lit/context';
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { ArrowLeft, Pencil, UserX } from 'lucide';
import { define, icon, MediaElement } from '../../src/base/index.js';
import { getPatient, type Patient } from '../../src/api/directory.js';
import { Problem } from '../../src/api/problem.js';
import type { Session } from '../../src/api/session.js';
import { msg } from '../../src/i18n/index.js';
import { emptyState } from '../../src/ui/states.js';
import '../dialogs/patient-dialog.js';
import type { PatientSavedEvent } from '../dialogs/patient-dialog.js';
import { Question } from '../question.js';
import { pathTo } from '../router.js';
import { may, sessionContext } from '../session.js';
import { page } from '../styles.js';
import { ageText, birthText, initials } from '../words.js';
import './patient-admin.js';
import './patient-plan.js';
import './patient-timeline.js';

type Tab = 'admin' | 'timeline' | 'gallery' | 'plan';

/** Everything of one patient. */
export class PatientPage extends MediaElement {
  static readonly tag = 'patient-page';

  @consume({ context: sessionContext, subscribe: true }) session?: Session;
  @property({ attribute: false }) patientId = '';
  @property() tab = '';
  /** What of the tab. */
  @property({ attribute: false }) section = '';
  @state() private editing = false;

  readonly #patient = new Question<Patient>(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!changed.has('patientId')) return;
    this.#patient.forget();
    void this.#patient.ask((signal) => getPatient(this.api, this.patientId, signal));
  }

  protected override render(): TemplateResult {
    const patient = this.#patient.value;
    const { problem } = this.#patient;
    if (problem instanceof Problem && problem.status === 404) return nobody();
    if (!patient) return html`<div class="page">${this.#patient.instead(bones())}</div>`;
    return html`
      <div class="page">
        ${this.#head(patient)} ${this.#tabs()}
        <section class="panel">${this.#panel(patient)}</section>
      </div>
      <patient-dialog
        .patient=${patient}
        .open=${this.editing}
        @dialog-close=${() => (this.editing = false)}
        @patient-saved=${(event: PatientSavedEvent) => this.#patient.show(event.patient)}
      ></patient-dialog>
    `;
  }

  #head({ display_name: name, birth_date: birth, id, status }: Patient): TemplateResult {
    return html`
      <header class="head">
        <a class="button quiet square back" href="/patients" aria-label=${msg('Todos los pacientes')}>${icon(ArrowLeft)}</a>
        <span class="avatar" aria-hidden="true">${initials(name)}</span>
        <div class="who">
          <h1>${name}</h1>
          <p class="quiet-text">
            ${birth ? html`<span title=${birthText(birth)}>${ageText(birth)}</span> · ` : nothing}${id}
            ${status === 'archived' ? html`<span class="badge">${msg('Archivado')}</span>` : nothing}
          </p>
        </div>
        ${may(this.session, 'directory.write')
          ? html`
              <button class="button quiet square" type="button" aria-label=${msg('Cambiar los datos')} data-tip=${msg('Cambiar los datos')} @click=${() => (this.editing = true)}>
                ${icon(Pencil)}
              </button>
            `
          : nothing}
      </header>
    `;
  }

  get #now(): Tab {
    const known: readonly string[] = ['admin', 'timeline', 'gallery', 'plan'];
    return known.includes(this.tab) ? (this.tab as Tab) : 'admin';
  }

  #tabs(): TemplateResult {
    const names: Record<Tab, string> = {
      admin: msg('Administración'),
      timeline: msg('Cronología'),
      gallery: msg('Galería'),
      plan: msg('Plan'),
    };
    return html`
      <nav class="tabs" aria-label=${msg('Ficha del paciente')}>
        ${(Object.keys(names) as Tab[]).map(
          (tab) => html`
            <a href=${pathTo('patients', this.patientId, tab)} data-stay aria-current=${tab === this.#now ? 'page' : nothing}>${names[tab]}</a>
          `,
        )}
      </nav>
    `;
  }

  #panel(patient: Patient): TemplateResult {
    switch (this.#now) {
      case 'timeline':
        return html`<patient-timeline .patientId=${patient.id}></patient-timeline>`;
      case 'gallery':
        return html`
          <photo-gallery
            patient-id=${patient.id}
            patient-name=${patient.display_name}
            ?readonly=${!may(this.session, 'media.documents.write', patient.id)}
            ?no-delete=${!may(this.session, 'media.documents.delete', patient.id)}
          ></photo-gallery>
        `;
      case 'plan':
        return html`<patient-plan .patientId=${patient.id}></patient-plan>`;
      case 'admin':
        return html`
          <patient-admin .patient=${patient} .section=${this.section === 'documents' || !may(this.session, 'notes.read') ? 'documents' : 'notes'}></patient-admin>
        `;
    }
  }

  static override styles = [
    ...page,
    css`
      .page {
        gap: var(--cm-space-4);
      }
      .head {
        display: flex;
        align-items: center;
        gap: var(--cm-space-3);
      }
      .who {
        flex: 1;
        min-inline-size: 0;
      }
      h1 {
        font: var(--cm-text-xl);
      }
      .tabs {
        display: flex;
        gap: var(--cm-space-1);
        margin-block-end: var(--cm-space-2);
        border-block-end: 1px solid var(--cm-border);
        overflow-x: auto;
        scrollbar-width: none;
      }
      .tabs a {
        position: relative;
        display: flex;
        flex: none;
        align-items: center;
        min-block-size: var(--cm-size);
        padding: 0 var(--cm-space-4);
        border-radius: var(--cm-radius-1) var(--cm-radius-1) 0 0;
        color: var(--cm-text-2);
        font-weight: 500;
        text-decoration: none;
      }
      .tabs a:hover {
        background: var(--cm-hover);
        color: var(--cm-text);
      }
      .tabs a:focus-visible {
        outline-offset: -2px;
        box-shadow: none;
      }
      .tabs a[aria-current] {
        color: var(--cm-text);
      }
      .tabs a[aria-current]::after {
        position: absolute;
        inset: auto var(--cm-space-3) 0;
        block-size: 2px;
        background: var(--cm-accent);
        content: '';
      }
      .panel {
        min-block-size: 24rem;
      }
      @media (max-width: 40rem) {
        .tabs {
          margin-inline: calc(-1 * var(--cm-space-4));
          padding-inline: var(--cm-space-1);
        }
        .tabs a {
          padding: 0 var(--cm-space-3);
        }
        .head .avatar {
          display: none;
        }
        .back {
          margin-inline-start: calc(-1 * var(--cm-space-2));
        }
      }
    `,
  ];
}

function nobody(): TemplateResult {
  return html`
    <h1 class="sr-only">${msg('No encontrado')}</h1>
    ${emptyState({
      icon: UserX,
      title: msg('Este paciente no está aquí'),
      text: msg('No existe, o no está a tu alcance.'),
      actions: html`<a class="button primary" href="/patients">${msg('Ver los pacientes')}</a>`,
    })}
  `;
}

function bones(): TemplateResult {
  return html`<div class="bones" aria-hidden="true"><div class="bone skeleton"></div><div class="bone skeleton"></div></div>`;
}

define(PatientPage);

declare global {
  interface HTMLElementTagNameMap {
    'patient-page': PatientPage;
  }
}
