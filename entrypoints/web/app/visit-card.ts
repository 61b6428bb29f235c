import { html, nothing, type TemplateResult } from 'lit';
import { NotebookPen } from 'lucide';
import { icon } from '../src/base/icons.js';
import { msg, plural, str } from '../src/i18n/index.js';
import { day } from '../src/ui/format.js';
import type { Visit, VisitState } from './board.js';
import { pathTo } from './router.js';
import { hour } from './words.js';

/** The badge of each state. */
export const TONES: Record<VisitState, string> = { today: 'info', coming: '', open: 'warning', noted: 'success' };

export function stateName(state: VisitState): string {
  return { today: msg('Hoy'), coming: msg('Próximas'), open: msg('Sin nota'), noted: msg('Con nota') }[state];
}

/** What an empty column says. */
export function noneText(state: VisitState): string {
  switch (state) {
    case 'today':
      return msg('Nada para hoy.');
    case 'coming':
      return msg('Nada apuntado.');
    case 'open':
      return msg('Todas las visitas pasadas tienen su nota.');
    case 'noted':
      return msg('Aún no hay visitas con nota.');
  }
}

/** A visit on the board. */
export function visitCard({ appointment, treatment, notes, state }: Visit): TemplateResult {
  const { owner_id: id, title, occurred_at: at, patient } = appointment;
  return html`
    <li>
      <a class="visit" href=${pathTo('agenda', id)} data-stay>
        <span class="when">
          <span>${at ? (state === 'today' ? hour(at) : `${day(at)}, ${hour(at)}`) : msg('Sin fecha')}</span>
          ${notes > 0
            ? html`<span class="signs">${icon(NotebookPen)}${notes}<span class="sr-only">${plural(notes, msg('1 nota'), msg(str`${notes} notas`))}</span></span>`
            : nothing}
        </span>
        <span class="title">${title}</span>
        <span class="who">${patient.display_name}</span>
        ${treatment ? html`<file-count-badge entity-type="appointment_treatment" entity-id=${treatment.owner_id} variant="text" size="xs"></file-count-badge>` : nothing}
      </a>
    </li>
  `;
}
