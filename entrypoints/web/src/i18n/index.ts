import { configureLocalization, msg, str, type StrResult } from '@lit/localize';

/**
 * Spanish is the source: `msg('Subir fotos')`, `msg(str`${n} de ${total}`)`. English stands in `en/<element>.ts`, keyed
 * by the Spanish with {0}, {1} … for the values.
 */
const localization = configureLocalization({
  sourceLocale: 'es',
  targetLocales: ['en'],
  loadLocale: async () => (await import('./en.js')).english(),
});

export const LANGUAGES = ['es', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

let asked: Language = 'es';
let fixed = false;
let watching = false;

function known(language: string | null | undefined): Language {
  return language?.toLowerCase().startsWith('en') ? 'en' : 'es';
}

function follow(language: Language): void {
  if (language === asked) return;
  asked = language;
  void localization.setLocale(language);
}

/** Take the page's language (its `lang`, now and when it changes), or the one that is given. */
export function useLanguage(language?: string): void {
  if (language) {
    fixed = true;
    follow(known(language));
    return;
  }
  if (watching) return;
  watching = true;
  const page = document.documentElement;
  const read = (): void => {
    if (!fixed) follow(known(page.lang));
  };
  new MutationObserver(read).observe(page, { attributeFilter: ['lang'] });
  read();
}

/** Switch every element on the page; resolves when the words are there. */
export async function setLanguage(language: Language): Promise<void> {
  fixed = true;
  asked = language;
  await localization.setLocale(language);
}

/** The language on the screen. */
export function language(): Language {
  return known(localization.getLocale());
}

/** `one` for exactly 1, else `many`: enough for Spanish and English. */
export function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

export { msg, str, type StrResult };
