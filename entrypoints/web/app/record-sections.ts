import { msg } from '../src/i18n/index.js';

/** Pages of records with files, by their address, and the type of record that each shows. */
const TYPES = { results: 'lab-result', insurance: 'insurance', visits: 'visit', procedures: 'procedure' } as const;

export type Section = keyof typeof TYPES;

export function isSection(name: string): name is Section {
  return Object.hasOwn(TYPES, name);
}

export function recordType(section: Section): string {
  return TYPES[section];
}

export function sectionTitle(section: Section): string {
  switch (section) {
    case 'results':
      return msg('Resultados');
    case 'insurance':
      return msg('Seguros');
    case 'visits':
      return msg('Visitas');
    case 'procedures':
      return msg('Procedimientos');
  }
}

/** What one of them is called, and a new one. */
export function sectionWords(section: Section): { newOne: string; none: string } {
  switch (section) {
    case 'results':
      return { newOne: msg('Nuevo resultado'), none: msg('Todavía no hay resultados') };
    case 'insurance':
      return { newOne: msg('Nuevo seguro'), none: msg('Todavía no hay seguros') };
    case 'visits':
      return { newOne: msg('Nueva visita'), none: msg('Todavía no hay visitas') };
    case 'procedures':
      return { newOne: msg('Nuevo procedimiento'), none: msg('Todavía no hay procedimientos') };
  }
}
