import { msg, plural, str } from '../../i18n/index.js';

/** «2 nuevos, 1 por eliminar»; '' when nothing waits. */
export function waitingText(added: number, removed: number): string {
  const fresh = plural(added, msg('1 nuevo'), msg(str`${added} nuevos`));
  const gone = msg(str`${removed} por eliminar`);
  return [added > 0 ? fresh : '', removed > 0 ? gone : ''].filter(Boolean).join(', ');
}

export function trashedText(n: number): string {
  return plural(n, msg('1 archivo movido a la papelera.'), msg(str`${n} archivos movidos a la papelera.`));
}

export function stillTrashedText(n: number): string {
  return plural(n, msg('1 archivo sigue en la papelera.'), msg(str`${n} archivos siguen en la papelera.`));
}
