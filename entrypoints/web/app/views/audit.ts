import { consume } from '@lit/context';
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { LockKeyhole, ScrollText } from 'lucide';
import { define, MediaElement } from '../../src/base/index.js';
import { listAudit, type AuditEntry, type AuditQuery } from '../../src/api/audit.js';
import type { Session } from '../../src/api/session.js';
import { language, msg, str } from '../../src/i18n/index.js';
import { field } from '../../src/ui/field.js';
import { count } from '../../src/ui/format.js';
import { emptyState } from '../../src/ui/states.js';
import { actionName } from '../audit-words.js';
import { patientNames, userNames } from '../people.js';
import { Listing } from '../question.js';
import { pathTo } from '../router.js';
import { may, sessionContext } from '../session.js';
import { page } from '../styles.js';

const ANYTHING: AuditQuery = { user_id: '', patient_id: '', action: '', from: '', to: '' };

/** Auditoría: who did what to which document, when, from where; reads and refusals too. */
export class AuditPage extends MediaElement {
  static readonly tag = 'audit-page';

  @consume({ context: sessionContext, subscribe: true }) session?: Session;
  @state() asked: AuditQuery = ANYTHING;

  @state() private patients: ReadonlyMap<string, string> = new Map();
  @state() private people: ReadonlyMap<string, string> = new Map();

  readonly #list = new Listing<AuditEntry>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(async () => {
      if (!may(this.session, 'audit.read')) return;
      [this.patients, this.people] = await Promise.all([patientNames(this.api), userNames(this.api, this.session)]);
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!changed.has('asked') || !may(this.session, 'audit.read')) return;
    void this.#list.start((cursor, signal) => listAudit(this.api, this.asked, cursor, signal));
  }

  protected override render(): TemplateResult {
    if (!may(this.session, 'audit.read')) {
      return html`
        <h1 class="sr-only">${msg('Auditoría')}</h1>
        ${emptyState({
          icon: LockKeyhole,
          title: msg('Solo para quien administra'),
          text: msg('La auditoría la ven las personas con ese permiso.'),
          actions: html`<a class="button" href="/patients">${msg('Ir a pacientes')}</a>`,
        })}
      `;
    }
    const { items } = this.#list;
    return html`
      <div class="page">
        <div class="top">
          <h1>${msg('Auditoría')}</h1>
          <p class="quiet-text" role="status">${items ? msg(str`${count(this.#list.total)} anotaciones`) : nothing}</p>
        </div>
        ${this.#filters()} ${items && !this.#list.problem ? this.#entries(items) : this.#list.instead(bones())}
      </div>
    `;
  }

  #filters(): TemplateResult {
    const one = (name: keyof AuditQuery, label: string, type: string): TemplateResult => {
      const changed = (event: Event): void => void (this.asked = { ...this.asked, [name]: (event.target as HTMLInputElement).value.trim() });
      const control = html`<input id=${name} type=${type} autocomplete="off" maxlength="64" .value=${this.asked[name]} @change=${changed} />`;
      return field({ id: name, label, control });
    };
    const filtered = Object.values(this.asked).some(Boolean);
    return html`
      <div class="filters" role="search" aria-label=${msg('Filtros')}>
        ${one('user_id', msg('Usuario'), 'search')} ${one('patient_id', msg('Número de paciente'), 'search')}
        ${one('from', msg('Desde'), 'date')} ${one('to', msg('Hasta'), 'date')}
        ${filtered
          ? html`<button class="button quiet" type="button" @click=${() => (this.asked = ANYTHING)}>${msg('Quitar filtros')}</button>`
          : nothing}
      </div>
    `;
  }

  #entries(entries: readonly AuditEntry[]): TemplateResult {
    if (entries.length === 0) {
      return emptyState({
        icon: ScrollText,
        title: msg('Ninguna anotación así'),
        actions: html`<button class="button" type="button" @click=${() => (this.asked = ANYTHING)}>${msg('Quitar filtros')}</button>`,
      });
    }
    return html`
      <div class="frame">
        <table>
          <thead>
            <tr>
              <th scope="col">${msg('Cuándo')}</th>
              <th scope="col">${msg('Quién')}</th>
              <th scope="col">${msg('Qué')}</th>
              <th scope="col">${msg('Paciente')}</th>
              <th scope="col">${msg('Resultado')}</th>
              <th scope="col">${msg('Desde dónde')}</th>
            </tr>
          </thead>
          <tbody>
            ${repeat(entries, ({ seq }) => seq, (entry) => this.#row(entry))}
          </tbody>
        </table>
      </div>
      ${this.#list.hasMore ? html`<button class="button more" type="button" @click=${this.#list.more}>${msg('Ver más')}</button>` : nothing}
    `;
  }

  #row({ at, user_id, action, outcome, patient_id, address }: AuditEntry): TemplateResult {
    const patient = patient_id && (this.patients.get(patient_id) ?? patient_id);
    return html`
      <tr>
        <td class="when">${exactly(at)}</td>
        <td class="who" title=${user_id}>${this.people.get(user_id) ?? user_id}</td>
        <td class="what"><span class="action">${actionName(action)}</span><span class="code">${action}</span></td>
        <td class="patient">${patient_id ? html`<a href=${pathTo('patients', patient_id)} title=${patient_id}>${patient}</a>` : nothing}</td>
        <td class="outcome"><span class="badge ${outcome === 'ok' ? 'success' : 'danger'}">${outcome === 'ok' ? msg('Hecho') : outcome}</span></td>
        <td class="from">${address}</td>
      </tr>
    `;
  }

  static override styles = [
    ...page,
    css`
      .filters {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
        align-items: end;
        gap: var(--cm-space-3);
      }
      .frame {
        border: 1px solid var(--cm-border);
        border-radius: var(--cm-radius-3);
        background: var(--cm-surface);
        overflow: hidden;
      }
      table {
        inline-size: 100%;
        border-collapse: collapse;
        font: var(--cm-text-sm);
      }
      th {
        padding: var(--cm-space-3) var(--cm-space-4);
        border-block-end: 1px solid var(--cm-border);
        color: var(--cm-text-2);
        font-weight: 600;
        text-align: start;
      }
      td {
        padding: var(--cm-space-2) var(--cm-space-4);
        vertical-align: top;
        overflow-wrap: anywhere;
      }
      tbody tr + tr td {
        border-block-start: 1px solid var(--cm-border);
      }
      .when {
        color: var(--cm-text-2);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .action {
        font-weight: 500;
      }
      .code {
        display: block;
        color: var(--cm-text-2);
        font: var(--cm-text-xs);
      }
      @media (max-width: 56rem) {
        .frame {
          border-radius: var(--cm-radius-2);
        }
        thead {
          position: absolute;
          inline-size: 1px;
          block-size: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        table,
        tbody {
          display: block;
        }
        tr {
          display: grid;
          grid-template:
            'what outcome'
            'when from'
            'who patient' / minmax(0, 1fr) auto;
          gap: var(--cm-space-1) var(--cm-space-3);
          padding: var(--cm-space-3) var(--cm-space-4);
        }
        tbody tr + tr {
          border-block-start: 1px solid var(--cm-border);
        }
        tbody tr + tr td {
          border: 0;
        }
        td {
          padding: 0;
        }
        .what {
          grid-area: what;
        }
        .when {
          grid-area: when;
        }
        .who {
          grid-area: who;
        }
        .outcome {
          grid-area: outcome;
        }
        .from {
          grid-area: from;
          color: var(--cm-text-2);
        }
        .patient {
          grid-area: patient;
        }
        .outcome,
        .from,
        .patient {
          justify-self: end;
        }
        .code {
          display: none;
        }
      }
    `,
  ];
}

function exactly(time: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'short', timeStyle: 'medium' }).format(new Date(time));
}

function bones(): TemplateResult {
  return html`<div class="bones" aria-hidden="true">${[1, 2, 3, 4].map(() => html`<div class="bone skeleton"></div>`)}</div>`;
}

define(AuditPage);

declare global {
  interface HTMLElementTagNameMap {
    'audit-page': AuditPage;
  }
}
