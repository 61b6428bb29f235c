// @vitest-environment happy-dom
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { dictionary, files } from './en.js';
import { language, msg, plural, setLanguage, str } from './index.js';

interface Words {
  /** The source with {0}, {1} … for its values; null for what is no text. */
  text: string | null;
  place: string;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(folder, name));
}

function textOf(node: ts.Expression | undefined): string | null {
  if (node === undefined) return null;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTaggedTemplateExpression(node) || !ts.isTemplateExpression(node.template)) return null;
  const { head, templateSpans } = node.template;
  return head.text + templateSpans.map((span, at) => `{${at}}${span.literal.text}`).join('');
}

function wordsIn(path: string): Words[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found: Words[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'msg') {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push({ text: textOf(node.arguments[0]), place: `${path}:${line + 1}` });
    }
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

const folders = ['src', 'app'].filter((name) => readdirSync('.').includes(name));
const words = folders.flatMap(sources).flatMap(wordsIn);

test('every text on the screen has its English', () => {
  expect(words.length).toBeGreaterThan(10);
  expect(words.filter(({ text }) => text === null).map(({ place }) => place)).toEqual([]);
  expect(words.filter(({ text }) => text !== null && !(text in dictionary)).map(({ text, place }) => `${place} ${text}`)).toEqual([]);
});

test('the dictionary has no text that is nowhere on the screen', () => {
  const used = new Set(words.map(({ text }) => text));
  expect(Object.keys(dictionary).filter((text) => !used.has(text))).toEqual([]);
});

test('a text has one translation, in whatever file it stands', () => {
  const entries = Object.values(files).flatMap((file) => Object.keys(file));
  expect(entries.filter((text, at) => entries.indexOf(text) !== at)).toEqual([]);
});

test('a translation keeps the values of its source', () => {
  const holes = (text: string): string[] => (text.match(/\{\d\}/g) ?? []).toSorted();
  const lost = Object.entries(dictionary).filter(([source, english]) => String(holes(source)) !== String(holes(english)));
  expect(lost).toEqual([]);
});

test('texts change with the language, values in their place', async () => {
  const status = 500;
  const text = (): string => msg(str`El servicio ha respondido con el error ${status}.`);
  expect([language(), msg('Cerrar'), text()]).toEqual(['es', 'Cerrar', 'El servicio ha respondido con el error 500.']);
  await setLanguage('en');
  expect([language(), msg('Cerrar'), text()]).toEqual(['en', 'Close', 'The service answered with error 500.']);
  await setLanguage('es');
});

test('one is one, and nothing is many', () => {
  expect([0, 1, 2].map((n) => plural(n, 'foto', 'fotos'))).toEqual(['fotos', 'foto', 'fotos']);
});
