import { consume } from '@lit/context';
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { ChevronRight, Search, UserPlus, UserSearch, Users } from 'lucide';
import { define, icon, MediaElement } from '../../src/base/index.js';
import { searchPatients, type Patient } from '../../src/api/directory.js';
import type { Session } from '../../src/api/session.js';
import { msg, plural, str } from '../../src/i18n/index.js';
import { count } from '../../src/ui/format.js';
import { emptyState } from '../../src/ui/states.js';
import '../dialogs/patient-dialog.js';
import { Listing } from '../question.js';
import { go, pathTo } from '../router.js';
import { may, sessionContext } from '../session.js';
import { page } from '../styles.js';
import { ageText, initials } from '../words.js';

const TYPING = 200;

/** Find a patient. */
export class PatientsPage extends MediaElement {
  static readonly tag = 'patients-page';

  @consume({ context: sessionContext, subscribe: true }) session?: Session;
  /** What is searched for; it stands in the address. */
  @property() text = '';
  @state() private adding = false;

  readonly #list = new Listing<Patient>(this);
  #typing = 0;

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('text')) void this.#list.start((cursor, signal) => searchPatients(this.api, this.text, cursor, signal));
  }

  #typed(event: Event): void {
    const text = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.#typing);
    const search = text ? `?${new URLSearchParams({ q: text }).toString()}` : '';
    this.#typing = window.setTimeout(() => go(`/patients${search}`, { replace: true, stay: true }), TYPING);
  }

  protected override render(): TemplateResult {
    const { items } = this.#list;
    return html`
      <div class="page">
        <div class="top">
          <h1>${msg('Pacientes')}</h1>
          ${may(this.session, 'directory.write')
            ? html`
                <button class="button" type="button" @click=${() => (this.adding = true)}>${icon(UserPlus)}${msg('Nuevo paciente')}</button>
              `
            : nothing}
        </div>
        <div class="search" role="search">
          ${icon(Search)}
          <input
            type="search"
            aria-label=${msg('Buscar pacientes por nombre o número')}
            placeholder=${msg('Nombre o número')}
            autocomplete="off"
            .value=${this.text}
            @input=${this.#typed}
          />
        </div>
        <p class="sr-only" role="status">${items ? this.#found() : nothing}</p>
        ${items && !this.#list.problem ? this.#results(items) : this.#list.instead(bones())}
      </div>
      <patient-dialog
        .open=${this.adding}
        @dialog-close=${() => (this.adding = false)}
        @patient-saved=${(event: Event & { patient?: Patient }) => event.patient && go(pathTo('patients', event.patient.id))}
      ></patient-dialog>
    `;
  }

  #found(): string {
    const { total } = this.#list;
    return plural(total, msg('1 paciente'), msg(str`${count(total)} pacientes`));
  }

  #results(items: readonly Patient[]): TemplateResult {
    if (items.length === 0) return this.#none();
    return html`
      <ul class="list">
        ${repeat(items, ({ id }) => id, (patient) => row(patient))}
      </ul>
      ${this.#list.hasMore ? html`<button class="button more" type="button" @click=${this.#list.more}>${msg('Ver más')}</button>` : nothing}
    `;
  }

  #none(): TemplateResult {
    if (this.text) {
      return emptyState({
        icon: UserSearch,
        title: msg(str`Nadie con «${this.text}»`),
        text: msg('Prueba con una parte del nombre, sin acentos si quieres, o con el número.'),
        actions: html`<a class="button" href="/patients">${msg('Ver todos')}</a>`,
      });
    }
    const writes = may(this.session, 'directory.write');
    return emptyState({
      icon: Users,
      title: msg('Todavía no hay pacientes'),
      text: writes ? msg('Da de alta al primero, o impórtalos de otra instalación.') : msg('Quien administra la clínica puede darlos de alta o compartirlos contigo.'),
    });
  }

  static override styles = [
    ...page,
    css`
      .list {
        border: 1px solid var(--cm-border);
        border-radius: var(--cm-radius-3);
        background: var(--cm-surface);
        overflow: hidden;
      }
      .list li + li {
        border-block-start: 1px solid var(--cm-border);
      }
      .row {
        display: grid;
        grid-template-columns: auto minmax(0, 2fr) minmax(0, 1fr) minmax(0, 1fr) auto;
        align-items: center;
        gap: var(--cm-space-4);
        min-block-size: 4rem;
        padding: var(--cm-space-2) var(--cm-space-4);
        color: var(--cm-text);
        text-decoration: none;
      }
      .row:hover {
        background: var(--cm-hover);
      }
      .row:focus-visible {
        outline-offset: -2px;
        box-shadow: none;
      }
      .row > .icon {
        color: var(--cm-text-3);
      }
      .name {
        font-weight: 600;
      }
      .detail {
        color: var(--cm-text-2);
        font: var(--cm-text-sm);
      }
      @media (max-width: 40rem) {
        .row {
          grid-template-columns: auto minmax(0, 1fr) auto auto;
          gap: 0 var(--cm-space-3);
        }
        .avatar {
          grid-row: span 2;
        }
        .name {
          grid-column: 2 / 4;
        }
        .row > .icon {
          grid-area: 1 / 4 / span 2;
        }
        .number {
          justify-self: end;
        }
      }
    `,
  ];
}

function row({ id, display_name: name, birth_date: birth, status }: Patient): TemplateResult {
  return html`
    <li>
      <a class="row" href=${pathTo('patients', id)}>
        <span class="avatar" aria-hidden="true">${initials(name)}</span>
        <span class="name">${name} ${status === 'archived' ? html`<span class="badge">${msg('Archivado')}</span>` : nothing}</span>
        <span class="detail">${birth ? ageText(birth) : nothing}</span>
        <span class="detail number">${id}</span>
        ${icon(ChevronRight)}
      </a>
    </li>
  `;
}

function bones(): TemplateResult {
  return html`<div class="bones" aria-hidden="true">${[1, 2, 3, 4, 5].map(() => html`<div class="bone skeleton"></div>`)}</div>`;
}

define(PatientsPage);

declare global {
  interface HTMLElementTagNameMap {
    'patients-page': PatientsPage;
  }
}
