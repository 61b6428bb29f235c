import { expect, test } from 'vitest';
import type { MediaDocument, RecordFile } from '../api/types.js';
import { neighbours, previewed } from './previewed.js';

const shown = (mime: string, thumb: string | null = null): string => {
  const file = { id: 'f', file_name: 'f', file_type: mime, thumb_url: thumb, view_url: '/v' } as RecordFile;
  const { showing, derived } = previewed(file);
  return derived ? `${showing} made of it` : showing;
};

test('what browsers draw is shown as it is, other pictures through the one made of them', () => {
  expect(shown('image/jpeg', '/t')).toBe('picture');
  expect(shown('image/heic', '/t')).toBe('picture made of it');
  expect(shown('application/dicom', '/t')).toBe('picture made of it');
  expect(shown('application/dicom')).toBe('none');
});

test('a PDF has its viewer although it has a picture, data are read, Word is downloaded', () => {
  expect(shown('application/pdf', '/t')).toBe('pdf');
  expect(['text/csv', 'application/json', 'application/msword'].map((mime) => shown(mime))).toEqual(['text', 'text', 'none']);
});

test('a document of a patient is shown by its original or its medium picture', () => {
  const url = (mime_type: string): string => previewed({ id: 'd', mime_type, medium_url: '/m', full_url: '/f' } as MediaDocument).url;
  expect([url('image/png'), url('image/tiff'), url('application/pdf')]).toEqual(['/f', '/m', '/f']);
});

test('neighbours end at the ends, and a file from elsewhere has none', () => {
  const list = [{ id: 'a' }, { id: 'b' }];
  expect(neighbours(list, 'a')).toEqual({ before: null, after: { id: 'b' } });
  expect(neighbours(list, 'b')).toEqual({ before: { id: 'a' }, after: null });
  expect(neighbours(list, 'z')).toEqual({ before: null, after: null });
});
