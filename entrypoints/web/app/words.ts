import { language, msg, plural, str } from '../src/i18n/index.js';

/** `Lucía Fernández Gómez` → `LF` */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => word[0]?.toUpperCase()).join('');
}

/** Whole years between two days. */
export function ageAt(birth: string, today = new Date()): number {
  const [year = 0, month = 1, day = 1] = birth.split('-').map(Number);
  const before = today.getMonth() + 1 < month || (today.getMonth() + 1 === month && today.getDate() < day);
  return today.getFullYear() - year - (before ? 1 : 0);
}

export function ageText(birth: string): string {
  const age = ageAt(birth);
  return plural(age, msg('1 año'), msg(str`${age} años`));
}

/** A day without a time, as it stands in a record: no time zone moves it. */
export function birthText(birth: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${birth}T00:00:00Z`));
}

/** `lunes, 23 de noviembre` with the year where it is another one. */
export function dayTitle(time: string | Date): string {
  const date = new Date(time);
  const year = date.getFullYear() === new Date().getFullYear() ? {} : ({ year: 'numeric' } as const);
  const text = new Intl.DateTimeFormat(language(), { weekday: 'long', day: 'numeric', month: 'long', ...year }).format(date);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `10:30` */
export function hour(time: string): string {
  return new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit' }).format(new Date(time));
}

/** `2026-11-23` in the time of this computer. */
export function localDay(time: string | Date): string {
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** Things that come in order, by the day they belong to. */
export function byDay<T>(items: readonly T[], timeOf: (item: T) => string): { day: string; items: T[] }[] {
  const days: { day: string; items: T[] }[] = [];
  for (const item of items) {
    const day = localDay(timeOf(item));
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, items: [item] });
  }
  return days;
}
