import { consume } from '@lit/context';
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { CalendarX } from 'lucide';
import { define, MediaElement } from '../../src/base/index.js';
import { everyRecord } from '../../src/api/directory.js';
import { countNotes } from '../../src/api/notes.js';
import type { Session } from '../../src/api/session.js';
import { msg } from '../../src/i18n/index.js';
import '../../src/ui/dialog.js';
import { emptyState } from '../../src/ui/states.js';
import { column, STATES, visitsOf, type Visit, type VisitState } from '../board.js';
import { Question } from '../question.js';
import { leave, pathTo } from '../router.js';
import { may, sessionContext } from '../session.js';
import { page } from '../styles.js';
import { noneText, stateName, TONES, visitCard } from '../visit-card.js';
import { dayTitle, hour } from '../words.js';

const AT_ONCE = 200;

/** The visits of the clinic by where they stand; one of them opens its panel. */
export class AgendaPage extends MediaElement {
  static readonly tag = 'agenda-page';

  @consume({ context: sessionContext, subscribe: true }) session?: Session;
  /** The appointment that is open. */
  @property({ attribute: false }) visitId = '';

  readonly #visits = new Question<Visit[]>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  protected override updated(changed: PropertyValues<this>): void {
    // What was done in the panel moves the visit on the board.
    if (changed.has('visitId') && changed.get('visitId') && !this.visitId) void this.#load();
  }

  #load(): Promise<void> {
    return this.#visits.ask(async (signal) => {
      const records = await everyRecord(this.api, ['appointment', 'appointment_treatment'], signal);
      const ids = records.filter(({ owner_type: type }) => type === 'appointment').map(({ owner_id: id }) => id);
      return visitsOf(records, await this.#noted(ids), new Date());
    });
  }

  async #noted(ids: readonly string[]): Promise<Map<string, number>> {
    const parts = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, at) => ids.slice(at * AT_ONCE, (at + 1) * AT_ONCE));
    const counts = await Promise.all(parts.map((part) => countNotes(this.api, 'appointment', part)));
    return new Map(counts.flatMap((one) => [...one]));
  }

  protected override render(): TemplateResult {
    const visits = this.#visits.value;
    return html`
      <div class="page">
        <div class="top">
          <h1>${msg('Agenda')}</h1>
          <p class="quiet-text">${dayTitle(new Date())}</p>
        </div>
        ${visits && !this.#visits.problem ? this.#board(visits) : this.#visits.instead(bones())}
      </div>
      ${this.#panel(visits?.find(({ appointment }) => appointment.owner_id === this.visitId), visits !== undefined)}
    `;
  }

  #board(visits: readonly Visit[]): TemplateResult {
    if (visits.length === 0) {
      return emptyState({
        icon: CalendarX,
        title: msg('No hay visitas'),
        text: msg('Las citas que lleve el sistema de la clínica aparecen aquí.'),
        actions: html`<a class="button" href="/patients">${msg('Ir a pacientes')}</a>`,
      });
    }
    return html`<div class="board">${STATES.map((state) => this.#column(state, column(visits, state)))}</div>`;
  }

  #column(state: VisitState, visits: readonly Visit[]): TemplateResult {
    return html`
      <section class="column ${state}" aria-labelledby="state-${state}">
        <h2 id="state-${state}">${stateName(state)} <span class="count">${visits.length}</span></h2>
        ${visits.length === 0 ? html`<p class="quiet-text none">${noneText(state)}</p>` : nothing}
        <ul>
          ${repeat(visits, ({ appointment }) => appointment.owner_id, (visit) => visitCard(visit))}
        </ul>
      </section>
    `;
  }

  #panel(visit: Visit | undefined, loaded: boolean): TemplateResult {
    const open = this.visitId !== '' && loaded;
    const closed = (event: Event): void => {
      event.preventDefault();
      leave('/agenda');
    };
    return html`
      <cm-dialog heading=${visit?.appointment.title ?? msg('Visita')} .open=${open} @dialog-close=${closed}>
        ${open ? (visit ? this.#visit(visit) : gone()) : nothing}
      </cm-dialog>
    `;
  }

  #visit({ appointment, treatment, state }: Visit): TemplateResult {
    const { patient, occurred_at: at } = appointment;
    return html`
      <div class="about">
        <p>
          <a href=${pathTo('patients', patient.id)}>${patient.display_name}</a>
          ${at ? html`<span class="quiet-text">${dayTitle(at)}, ${hour(at)}</span>` : nothing}
        </p>
        <span class="badge ${TONES[state]}">${stateName(state)}</span>
      </div>
      ${treatment
        ? html`
            <visit-note-panel
              appointment-treatment-id=${treatment.owner_id}
              appointment-id=${may(this.session, 'notes.read') ? appointment.owner_id : ''}
              patient-id=${patient.id}
              ?readonly=${!may(this.session, 'media.attachments.write', patient.id)}
              user-id=${this.session?.user_id ?? ''}
              ?admin=${this.session?.roles.includes('admin') ?? false}
            ></visit-note-panel>
          `
        : html`<p class="quiet-text">${msg('Esta cita no tiene ningún tratamiento apuntado.')}</p>`}
    `;
  }

  static override styles = [
    ...page,
    css`
      .board {
        position: relative;
        display: grid;
        grid-template-columns: repeat(4, minmax(15rem, 1fr));
        gap: var(--cm-space-4);
        align-items: start;
        padding-block-end: var(--cm-space-2);
        overflow-x: auto;
        scroll-snap-type: x mandatory;
      }
      .column {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: var(--cm-space-3);
        min-block-size: 16rem;
        padding: var(--cm-space-3);
        border-radius: var(--cm-radius-3);
        background: var(--cm-sunken);
        scroll-snap-align: start;
      }
      .column h2 {
        display: flex;
        align-items: center;
        gap: var(--cm-space-2);
        padding: var(--cm-space-1) var(--cm-space-1) 0;
        font: var(--cm-text-md);
        font-weight: 600;
      }
      .count {
        color: var(--cm-text-2);
        font: var(--cm-text-sm);
      }
      .none {
        padding: 0 var(--cm-space-1);
      }
      .column ul {
        display: grid;
        gap: var(--cm-space-2);
      }
      .visit {
        display: grid;
        gap: var(--cm-space-1);
        padding: var(--cm-space-3);
        border: 1px solid var(--cm-border);
        border-radius: var(--cm-radius-2);
        background: var(--cm-surface);
        color: var(--cm-text);
        text-decoration: none;
        transition: border-color var(--cm-fast) var(--cm-ease);
      }
      .visit:hover {
        border-color: var(--cm-control);
      }
      .visit .when {
        display: flex;
        justify-content: space-between;
        color: var(--cm-text-2);
        font: var(--cm-text-sm);
        font-variant-numeric: tabular-nums;
      }
      .visit .title {
        font-weight: 600;
      }
      .visit .who {
        color: var(--cm-text-2);
        font: var(--cm-text-sm);
      }
      .signs {
        display: inline-flex;
        align-items: center;
        gap: var(--cm-space-1);
      }
      .signs .icon {
        font-size: 0.75rem;
      }
      .about {
        display: flex;
        align-items: start;
        justify-content: space-between;
        gap: var(--cm-space-3);
        margin-block-end: var(--cm-space-6);
      }
      .about a {
        font-weight: 600;
      }
      .about .quiet-text {
        display: block;
      }
      @media (max-width: 64rem) {
        .board {
          grid-template-columns: repeat(4, minmax(9.5rem, 1fr));
          gap: var(--cm-space-3);
        }
        .column {
          padding: var(--cm-space-2);
        }
      }
      @media (max-width: 40rem) {
        .board {
          grid-template-columns: repeat(4, calc(100% - 2rem));
          gap: var(--cm-space-3);
          margin-inline: calc(-1 * var(--cm-space-4));
          padding-inline: var(--cm-space-4);
          scroll-padding-inline: var(--cm-space-4);
          scrollbar-width: none;
        }
      }
    `,
  ];
}

function gone(): TemplateResult {
  return emptyState({ icon: CalendarX, title: msg('Esta visita ya no está'), small: true, text: msg('No existe, o no está a tu alcance.') });
}

function bones(): TemplateResult {
  return html`
    <div class="board" aria-hidden="true">
      ${STATES.map(() => html`<div class="column"><div class="bone skeleton"></div><div class="bone skeleton"></div></div>`)}
    </div>
  `;
}

define(AgendaPage);

declare global {
  interface HTMLElementTagNameMap {
    'agenda-page': AgendaPage;
  }
}
