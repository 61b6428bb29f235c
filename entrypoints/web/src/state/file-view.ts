import type { RecordFile } from '../api/types.js';

export type SortKey = 'name' | 'size' | 'type' | 'date' | 'category';

/** What a list of files shows and in which order. Empty strings are no restriction; dates are days. */
export interface FileFilter {
  readonly text: string;
  readonly group: '' | FileGroup;
  readonly category: string;
  readonly from: string;
  readonly to: string;
}

export interface Order {
  readonly key: SortKey;
  readonly down: boolean;
}

/** What people look for: not the exact format. */
export type FileGroup = 'picture' | 'xray' | 'pdf' | 'text' | 'data';

export const EVERY_FILE: FileFilter = { text: '', group: '', category: '', from: '', to: '' };
export const NEWEST: Order = { key: 'date', down: true };

export function groupOf(mime: string): FileGroup {
  if (mime.includes('dicom')) return 'xray';
  if (mime.startsWith('image/')) return 'picture';
  if (mime === 'application/pdf') return 'pdf';
  return /word|plain|rtf/.test(mime) ? 'text' : 'data';
}

/** Lower case without accents, so that `radiografia` finds «Radiografía». */
function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase();
}

/** Restrictions besides the text, which is always in sight. */
export function fileRestrictions({ group, category, from, to }: FileFilter): number {
  return [group, category, from || to].filter(Boolean).length;
}

/** The files that match, every word of the text in name or description, in their order. */
export function seen(files: readonly RecordFile[], filter: FileFilter, order: Order): RecordFile[] {
  const words = folded(filter.text).split(/\s+/).filter(Boolean);
  const fits = (file: RecordFile): boolean => {
    const text = words.length > 0 ? folded(`${file.file_name} ${file.description ?? ''}`) : '';
    const day = dayOf(file.uploaded_at);
    return (
      words.every((word) => text.includes(word)) &&
      (!filter.group || groupOf(file.file_type) === filter.group) &&
      (!filter.category || file.category === filter.category) &&
      (!filter.from || day >= filter.from) &&
      (!filter.to || day <= filter.to)
    );
  };
  return files.filter(fits).toSorted(comparing(order));
}

/** The day on this computer's calendar, as a date input writes it. */
function dayOf(time: string): string {
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

const COMPARED: Readonly<Record<SortKey, (one: RecordFile, two: RecordFile) => number>> = {
  name: (one, two) => collator.compare(one.file_name, two.file_name),
  size: (one, two) => one.file_size - two.file_size,
  type: (one, two) => collator.compare(one.file_type, two.file_type),
  date: (one, two) => (one.uploaded_at < two.uploaded_at ? -1 : one.uploaded_at > two.uploaded_at ? 1 : 0),
  category: (one, two) => collator.compare(one.category ?? '', two.category ?? ''),
};

/** Equal ones stay by name, then by id, so that the order never depends on how the files came. */
function comparing({ key, down }: Order): (one: RecordFile, two: RecordFile) => number {
  const sign = down ? -1 : 1;
  return (one, two) => sign * COMPARED[key](one, two) || COMPARED.name(one, two) || (one.id < two.id ? -1 : 1);
}

/** The same column again turns the order round; another begins as people expect it: newest and largest first. */
export function reordered(order: Order, key: SortKey): Order {
  return order.key === key ? { key, down: !order.down } : { key, down: key === 'date' || key === 'size' };
}
