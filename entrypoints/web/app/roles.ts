import { msg } from '../src/i18n/index.js';

export function roleName(role: string): string {
  switch (role) {
    case 'admin':
      return msg('Administración');
    case 'dentist':
      return msg('Odontólogo');
    case 'hygienist':
      return msg('Higienista');
    case 'assistant':
      return msg('Auxiliar');
    case 'receptionist':
      return msg('Recepción');
    case 'account':
      return msg('Familiar');
    default:
      return role;
  }
}
