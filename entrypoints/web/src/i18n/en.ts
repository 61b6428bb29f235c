import { fnv1a64 } from '@lit/localize/internal/fnv1a64.js';
import type { LocaleModule } from '@lit/localize';

/** Spanish to English; `{0}` is the first value of the template. */
export type Dictionary = Readonly<Record<string, string>>;

/** One dictionary for each part of the elements and the app. */
export const files = import.meta.glob<Dictionary>('./en/*.ts', { eager: true, import: 'default' });

export const dictionary: Dictionary = Object.assign({}, ...Object.values(files));

const SEPARATOR = '\x1e';
const HOLE = /\{(\d)\}/;

function pieces(text: string): { strings: string[]; values: number[] } {
  const parts = text.split(HOLE);
  return {
    strings: parts.filter((_, at) => at % 2 === 0),
    values: parts.filter((_, at) => at % 2 === 1).map(Number),
  };
}

/** The dictionary as @lit/localize wants it: by the hash of the source's pieces. */
export function english(): LocaleModule {
  const templates: LocaleModule['templates'] = {};
  for (const [source, translated] of Object.entries(dictionary)) {
    const { strings, values } = pieces(translated);
    const id = `s${fnv1a64(pieces(source).strings.join(SEPARATOR))}`;
    templates[id] = values.length ? ({ strTag: true, strings, values } as never) : translated;
  }
  return { templates };
}
