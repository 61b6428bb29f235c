import { language } from '../i18n/index.js';
import type { Api } from './client.js';
import type { One, Taxonomy, Term } from './types.js';

const asked = new Map<string, Promise<Taxonomy>>();

/** The vocabulary, with its labels in every language; asked once of each service. */
export function getTaxonomy(api: Api): Promise<Taxonomy> {
  let answer = asked.get(api.base);
  if (answer === undefined) {
    answer = api.json<One<Taxonomy>>('media/taxonomy').then((one) => one.data);
    answer.catch(() => asked.delete(api.base));
    asked.set(api.base, answer);
  }
  return answer;
}

/** A term in the language of the screen. */
export function termLabel(term: Term): string {
  return term.labels[language()] ?? term.label;
}

/** The label of a category, or of one of its subtypes; the key itself where the vocabulary does not know it. */
export function labelOf(taxonomy: Taxonomy | undefined, category: string | null, subtype?: string | null): string {
  const found = taxonomy?.categories.find((one) => one.key === category);
  if (subtype === undefined) return found ? termLabel(found) : (category ?? '');
  const term = found?.subtypes.find((one) => one.key === subtype);
  return term ? termLabel(term) : (subtype ?? '');
}
