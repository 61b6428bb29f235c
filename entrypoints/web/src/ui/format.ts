import { language } from '../i18n/index.js';

const made = new Map<string, Intl.DateTimeFormat>();

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language() + JSON.stringify(options);
  let format = made.get(key);
  if (format === undefined) made.set(key, (format = new Intl.DateTimeFormat(language(), options)));
  return format;
}

/** `12 may 2026` */
export function day(time: string | null | undefined): string {
  return time ? formatter({ day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(time)) : '';
}

/** `12 may 2026, 10:30` */
export function moment(time: string | null | undefined): string {
  if (!time) return '';
  return formatter({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }).format(new Date(time));
}

const UNITS = ['B', 'kB', 'MB', 'GB'];

/** `3,4 MB` */
export function bytes(size: number): string {
  const power = size < 1_000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(size) / 3));
  const value = size / 1_000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : 1;
  return `${new Intl.NumberFormat(language(), { maximumFractionDigits: digits }).format(value)} ${UNITS[power]}`;
}

export function count(value: number): string {
  return new Intl.NumberFormat(language()).format(value);
}

export function percent(share: number): string {
  return new Intl.NumberFormat(language(), { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** A time for `<input type="datetime-local">`, in the time of this computer. */
export function localInput(time: string | null | undefined): string {
  if (!time) return '';
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What such an input says, as RFC 3339 in UTC; null when it is empty. */
export function fromLocalInput(value: string): string | null {
  return value ? new Date(value).toISOString() : null;
}
