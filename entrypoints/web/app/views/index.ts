import { html, type TemplateResult } from 'lit';
import { MapPinOff } from 'lucide';
import { msg } from '../../src/i18n/index.js';
import { emptyState } from '../../src/ui/states.js';
import { isSection, sectionTitle } from '../record-sections.js';
import type { Place } from '../router.js';
import './agenda.js';
import './audit.js';
import './patient.js';
import './patients.js';
import './records.js';
import './trash.js';

/** What the title of the window and the bar of a phone say. */
export function titleOf([first = 'patients']: readonly string[]): string {
  if (isSection(first)) return sectionTitle(first);
  switch (first) {
    case 'patients':
      return msg('Pacientes');
    case 'agenda':
      return msg('Agenda');
    case 'trash':
      return msg('Papelera');
    case 'audit':
      return msg('Auditoría');
    default:
      return msg('No encontrado');
  }
}

/** The view of a place. */
export function view({ parts, query }: Place): TemplateResult {
  const [first = '', second = '', third = '', fourth = ''] = parts;
  if (isSection(first)) return html`<records-page .section=${first} .recordId=${second} .act=${third}></records-page>`;
  switch (first) {
    case '':
    case 'patients':
      return second === ''
        ? html`<patients-page .text=${query.get('q') ?? ''}></patients-page>`
        : html`<patient-page .patientId=${second} .tab=${third} .section=${fourth}></patient-page>`;
    case 'agenda':
      return html`<agenda-page .visitId=${second}></agenda-page>`;
    case 'trash':
      return html`<trash-page></trash-page>`;
    case 'audit':
      return html`<audit-page></audit-page>`;
    default:
      return nowhere();
  }
}

function nowhere(): TemplateResult {
  return html`
    <h1 class="sr-only">${msg('No encontrado')}</h1>
    ${emptyState({
      icon: MapPinOff,
      title: msg('Aquí no hay nada'),
      text: msg('La dirección no lleva a ninguna página.'),
      actions: html`<a class="button primary" href="/patients">${msg('Ir a pacientes')}</a>`,
    })}
  `;
}
