import { expect, test } from 'vitest';
import type { RecordFile } from '../api/types.js';
import { EVERY_FILE, fileRestrictions, groupOf, NEWEST, reordered, seen, type FileFilter, type Order } from './file-view.js';

const file = (id: string, more: Partial<RecordFile> = {}): RecordFile => ({
  id,
  entity_type: 'visit',
  entity_id: 'v1',
  file_name: `${id}.pdf`,
  file_type: 'application/pdf',
  file_size: 1,
  description: null,
  category: null,
  uploaded_at: '2026-05-01T12:00:00Z',
  created_at: '',
  updated_at: '',
  storage_backend: 'local',
  sync_status: 'synced',
  thumb_url: null,
  view_url: null,
  download_url: null,
  ...more,
});

const files = [
  file('a', { file_name: 'Informe 10.pdf', file_size: 30, uploaded_at: '2026-05-02T12:00:00Z', category: 'report' }),
  file('b', { file_name: 'Informe 9.pdf', file_size: 20, uploaded_at: '2026-05-03T12:00:00Z', description: 'Radiografía panorámica' }),
  file('c', { file_name: 'foto.jpg', file_type: 'image/jpeg', file_size: 20, category: 'image' }),
];
const ids = (filter: Partial<FileFilter>, order: Order = NEWEST): string => seen(files, { ...EVERY_FILE, ...filter }, order).map(({ id }) => id).join('');

test('newest first, and names by their numbers', () => {
  expect(ids({})).toBe('bac');
  expect(ids({}, { key: 'name', down: false })).toBe('cba');
});

test('equal ones keep one order whichever way the files came', () => {
  const order: Order = { key: 'size', down: false };
  expect(seen(files, EVERY_FILE, order)).toEqual(seen(files.toReversed(), EVERY_FILE, order));
});

test('every word has to be in name or description, accents or not', () => {
  expect(ids({ text: 'INFORME radiografia' })).toBe('b');
  expect(ids({ text: 'informe foto' })).toBe('');
});

test('kind, category and days restrict together, both days inclusive', () => {
  expect(ids({ group: 'picture' })).toBe('c');
  expect(ids({ group: 'pdf', category: 'report' })).toBe('a');
  expect(ids({ from: '2026-05-02', to: '2026-05-02' })).toBe('a');
});

test('a period is one restriction and the text none: it is always in sight', () => {
  expect(fileRestrictions({ ...EVERY_FILE, text: 'x', from: '2026-01-01', to: '2026-02-01', group: 'pdf' })).toBe(2);
});

test('a column again turns round; a new one begins with the newest, the largest, the first letter', () => {
  expect(reordered(NEWEST, 'date')).toEqual({ key: 'date', down: false });
  expect(reordered(NEWEST, 'size')).toEqual({ key: 'size', down: true });
  expect(reordered(NEWEST, 'name')).toEqual({ key: 'name', down: false });
});

test('groups are what people look for', () => {
  const mimes = ['application/dicom', 'image/heic', 'application/pdf', 'application/msword', 'text/csv'];
  expect(mimes.map(groupOf)).toEqual(['xray', 'picture', 'pdf', 'text', 'data']);
});
