import { CalendarDays, ClipboardList, FlaskConical, ScrollText, ShieldCheck, Stethoscope, Trash2, Users, type IconNode } from 'lucide';
import type { Session } from '../src/api/session.js';
import { msg } from '../src/i18n/index.js';
import { may } from './session.js';

export interface Destination {
  key: string;
  label: string;
  icon: IconNode;
}

/** Where a person can go. */
export function destinations(session: Session): Destination[] {
  return [
    { key: 'patients', label: msg('Pacientes'), icon: Users },
    ...(may(session, 'notes.read') ? [{ key: 'agenda', label: msg('Agenda'), icon: CalendarDays }] : []),
    { key: 'results', label: msg('Resultados'), icon: FlaskConical },
    { key: 'insurance', label: msg('Seguros'), icon: ShieldCheck },
    { key: 'visits', label: msg('Visitas'), icon: ClipboardList },
    { key: 'procedures', label: msg('Procedimientos'), icon: Stethoscope },
    { key: 'trash', label: msg('Papelera'), icon: Trash2 },
    ...(may(session, 'audit.read') ? [{ key: 'audit', label: msg('Auditoría'), icon: ScrollText }] : []),
  ];
}
