import { expect, test } from 'vitest';
import { fieldsOf, ready, said, staged, UNSAID, wordsFor, type PhotoWords, type Staged } from './staged.js';

let keys = 0;
const newKey = (): string => String((keys += 1));
const file = (name: string, size = 1, type = ''): File => new File(['x'.repeat(size)], name, { type, lastModified: 1 });
const add = (...files: File[]): Staged[] => staged([], files, newKey);

test.each([
  ['a.JPG', null],
  ['a.heic', null],
  ['scan.dcm', null],
  ['informe.pdf', 'type'],
  ['photo.svg', 'type'],
])('%s has the fault %s', (name, fault) => {
  expect(add(file(name))[0]?.fault).toBe(fault);
});

test('a pasted picture without a name counts by its type, an empty file does not', () => {
  expect(add(file('image', 1, 'image/png'))[0]?.fault).toBeNull();
  expect(add(file('a.jpg', 0))[0]?.fault).toBe('empty');
});

test('a file that is picked twice is there once', () => {
  const list = add(file('a.jpg'));
  expect(staged(list, [file('a.jpg'), file('b.jpg')], newKey).map((one) => one.file.name)).toEqual(['a.jpg', 'b.jpg']);
});

test('a change of kind or category drops what no longer fits', () => {
  const words = { kind: 'photo', category: 'intraoral', subtype: 'frontal' } as const;
  expect(said(words, { kind: 'xray' })).toMatchObject({ category: 'xray', subtype: '' });
  expect(said({ ...words, kind: 'xray', category: 'xray' }, { kind: 'photo' })).toMatchObject({ category: '', subtype: '' });
  expect(said(words, { category: 'extraoral' })).toMatchObject({ subtype: '' });
  expect(said(words, { title: 'x' })).toMatchObject({ subtype: 'frontal' });
});

const ALL: PhotoWords = { ...UNSAID, category: 'intraoral', subtype: 'frontal', tags: ['orto'] };

test('what is said of one file goes before what is said for all, and never mixes vocabularies', () => {
  expect(wordsFor(ALL, { tags: [] })).toMatchObject({ category: 'intraoral', subtype: 'frontal', tags: [] });
  expect(wordsFor(ALL, { category: 'extraoral' })).toMatchObject({ category: 'extraoral', subtype: '' });
  expect(wordsFor(ALL, { kind: 'xray' })).toMatchObject({ kind: 'xray', category: 'xray', subtype: '' });
});

test('an x-ray needs no category to be picked, a photo does', () => {
  const { go, wait } = ready(add(file('a.jpg'), file('b.dcm'), file('c.pdf')), UNSAID);
  expect([go, wait].map((list) => list.map((one) => one.file.name))).toEqual([['b.dcm'], ['a.jpg']]);
});

test('only what is said is sent', () => {
  expect(fieldsOf({ ...ALL, title: '  ' })).toEqual({
    media_kind: 'photo',
    media_category: 'intraoral',
    media_subtype: 'frontal',
    captured_at: null,
    tags: ['orto'],
    title: null,
  });
});
