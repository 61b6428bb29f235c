import { expect, test } from 'vitest';
import type { MediaDocument } from '../api/types.js';
import { EVERYTHING, isFiltered, queryOf, refined, restrictions, shows, type Filter } from './filter.js';

const photo = {
  media_category: 'intraoral',
  media_subtype: 'frontal',
  captured_at: '2026-05-12T10:00:00Z',
  created_at: '2026-05-20T10:00:00Z',
  paired_document_id: null,
  tags: ['orto'],
} as unknown as MediaDocument;

const filter = (change: Partial<Filter>): Filter => refined(EVERYTHING, change);

test('another category drops the subtype, the same one keeps it', () => {
  const chosen = filter({ category: 'intraoral', subtype: 'frontal' });
  expect(refined(chosen, { category: 'extraoral' }).subtype).toBe('');
  expect(refined(chosen, { category: 'intraoral' }).subtype).toBe('frontal');
});

test('a query says only what restricts', () => {
  const said = Object.entries(queryOf(filter({ category: 'xray', text: '  ' }))).filter(([, value]) => value?.length);
  expect(said).toEqual([['media_category', 'xray']]);
});

test.each<[Partial<Filter>, boolean]>([
  [{}, true],
  [{ category: 'intraoral', subtype: 'frontal' }, true],
  [{ category: 'extraoral' }, false],
  [{ from: '2026-05-12', to: '2026-05-12' }, true],
  [{ to: '2026-05-11' }, false],
  [{ tags: ['orto', 'other'] }, false],
  [{ paired: 'paired' }, false],
  [{ paired: 'unpaired' }, true],
])('with %o a new photo is shown: %s', (change, shown) => {
  expect(shows(filter(change), photo)).toBe(shown);
});

test('a period is one restriction, every tag is one', () => {
  expect(restrictions(filter({ from: '2026-01-01', to: '2026-02-01', tags: ['a', 'b'] }))).toBe(3);
  expect([isFiltered(EVERYTHING), isFiltered(filter({ text: 'x' }))]).toEqual([false, true]);
});
