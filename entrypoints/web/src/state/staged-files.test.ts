import { expect, test } from 'vitest';
import { extensionOf, faults, formats, NO_LIMITS, stagedFiles, type Limits } from './staged-files.js';

const file = (name: string, size = 1): File => new File([new Uint8Array(size)], name, { lastModified: 0 });
const limits: Limits = { ...NO_LIMITS, accepted_types: ['.pdf', '.jpg'], max_size: 10, max_files: 3 };
let key = 0;
const list = (...files: File[]): ReturnType<typeof stagedFiles> => stagedFiles([], files, () => `k${(key += 1)}`);
const told = (files: File[], already = 0): (string | null)[] => {
  const waiting = list(...files);
  const found = faults(waiting, limits, already);
  return waiting.map((one) => found.get(one.key) ?? null);
};

test('each rule keeps back the file that breaks it', () => {
  expect(told([file('a.pdf'), file('b.exe'), file('c.pdf', 0), file('d.jpg', 11), file('README')])).toEqual([null, 'type', 'empty', 'size', 'type']);
});

test('an extension counts whatever its case, and a hidden file has none', () => {
  expect(told([file('A.PDF')])).toEqual([null]);
  expect([extensionOf('a.tar.GZ'), extensionOf('.pdf'), extensionOf('a')]).toEqual(['.gz', '', '']);
});

test('the number is that of the record and of those that can go: a refused one takes no place', () => {
  expect(told([file('x.exe'), file('a.pdf'), file('b.pdf')], 1)).toEqual(['type', null, null]);
  expect(told([file('a.pdf'), file('b.pdf'), file('c.pdf')], 1)).toEqual([null, null, 'count']);
  expect(told([file('a.pdf')], 3)).toEqual(['count']);
});

test('without rules only an empty file and one that the service never takes stay behind', () => {
  const waiting = list(file('a.xyz'), file('b', 0));
  expect([...faults(waiting, NO_LIMITS, 1_000).values()]).toEqual(['empty']);
});

test('the same file chosen twice waits once', () => {
  const first = list(file('a.pdf'));
  expect(stagedFiles(first, [file('a.pdf'), file('b.pdf')], () => 'k').map((one) => one.file.name)).toEqual(['a.pdf', 'b.pdf']);
});

test('formats are named as people call them, each once', () => {
  expect(formats(['.pdf', '.jpg', '.jpeg', '.doc', '.docx', '.dcm', '.csv'])).toEqual(['PDF', 'JPEG', 'Word', 'DICOM', 'CSV']);
});
