import { LANGUAGES, type Language } from '../src/i18n/index.js';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const LANGUAGE = 'clinic-media language';
const THEME = 'clinic-media theme';

function kept<T extends string>(name: string, known: readonly T[]): T | undefined {
  try {
    return known.find((one) => one === localStorage.getItem(name));
  } catch {
    return undefined; // no storage here
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // no storage here: it holds for this page
  }
}

export function theme(): Theme {
  return kept(THEME, THEMES) ?? 'auto';
}

export function useTheme(theme: Theme): void {
  keep(THEME, theme);
  show(theme);
}

function show(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** The elements follow the `lang` of the page. */
export function useLang(language: Language): void {
  keep(LANGUAGE, language);
  document.documentElement.lang = language;
}

show(theme());
document.documentElement.lang = kept(LANGUAGE, LANGUAGES) ?? (navigator.language.startsWith('en') ? 'en' : 'es');
