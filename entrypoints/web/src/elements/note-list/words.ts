import { msg, str } from '../../i18n/index.js';
import type { Note } from '../../api/types.js';

/** What a note is about. */
export function kindOf({ note_type: type, tooth_number: tooth }: Note): string {
  switch (type) {
    case 'administrative':
      return msg('Administrativa');
    case 'diagnosis':
      return tooth === null ? msg('Diagnóstico') : msg(str`Diagnóstico, diente ${tooth}`);
    case 'treatment':
      return msg('Tratamiento');
    case 'treatment_plan':
      return msg('Plan de tratamiento');
    case 'appointment_clinical':
      return msg('Visita');
    case 'appointment_administrative':
      return msg('Visita, administrativa');
    default:
      return type;
  }
}
