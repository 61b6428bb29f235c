// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { NO_LIMITS, type Limits, type StagedFile } from '../../state/staged-files.js';
import { faultText, limitsText } from './words.js';

const limits: Limits = { ...NO_LIMITS, accepted_types: ['.pdf', '.jpg', '.jpeg'], max_size: 5 * 2 ** 20, max_files: 5 };
const one = (name: string, size = 1): StagedFile => ({ key: 'k', file: new File([new Uint8Array(size)], name), description: '', category: '' });

test('a refusal names the rule and what it asks for', () => {
  expect(faultText('type', one('a.exe'), limits)).toBe('Aquí no se aceptan archivos .exe. Se aceptan: PDF, JPEG.');
  expect(faultText('type', one('a'), limits)).toBe('El nombre no dice de qué tipo es. Se aceptan: PDF, JPEG.');
  expect(faultText('size', one('a.pdf', 6 * 2 ** 20), limits)).toBe('Ocupa 6 MB; como mucho, 5 MB.');
  expect(faultText('count', one('a.pdf'), limits)).toBe('Aquí caben como mucho 5 archivos. Quita alguno antes.');
});

test('the rules are told before anything is chosen', () => {
  expect(limitsText(limits, 2)).toBe('PDF, JPEG · hasta 5 MB cada uno · 2 de 5 archivos');
  expect(limitsText(NO_LIMITS, 2)).toBe('hasta 100 MB cada uno');
});
