import type { FileRules } from '../api/files.js';

/** A file that was chosen, with what is said of it. */
export interface StagedFile {
  readonly key: string;
  readonly file: File;
  readonly description: string;
  readonly category: string;
}

/** The rule that keeps a file back. */
export type FileFault = 'type' | 'empty' | 'size' | 'count';

/** The rules that can be checked before anything is sent. */
export type Limits = Pick<FileRules, 'accepted_types' | 'max_size' | 'max_files' | 'categories'>;

export const NO_LIMITS: Limits = { accepted_types: [], max_size: null, max_files: null, categories: [] };

const LARGEST = 100 * 2 ** 20;

/** More files, each once. */
export function stagedFiles(list: readonly StagedFile[], files: readonly File[], newKey: () => string): StagedFile[] {
  const same = (one: File, two: File): boolean =>
    one.name === two.name && one.size === two.size && one.lastModified === two.lastModified;
  const fresh = files.filter((file) => !list.some((one) => same(one.file, file)));
  return [...list, ...fresh.map((file) => ({ key: newKey(), file, description: '', category: '' }))];
}

/** With its dot, lower case; '' where a name has none. */
export function extensionOf(name: string): string {
  return /.(\.[^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** Bytes that a file may have at most. */
export function largest(limits: Limits): number {
  return Math.min(limits.max_size ?? LARGEST, LARGEST);
}

function faultAlone(file: File, limits: Limits): FileFault | null {
  const accepted = limits.accepted_types;
  if (accepted.length > 0 && !accepted.includes(extensionOf(file.name))) return 'type';
  if (file.size === 0) return 'empty';
  return file.size > largest(limits) ? 'size' : null;
}

/** What keeps which file back, by its key, on a record that has (or is about to have) `already` files. */
export function faults(list: readonly StagedFile[], limits: Limits, already: number): ReadonlyMap<string, FileFault> {
  const found = new Map<string, FileFault>();
  let left = (limits.max_files ?? Infinity) - already;
  for (const { key, file } of list) {
    const fault = faultAlone(file, limits) ?? (left > 0 ? null : 'count');
    if (fault === null) left -= 1;
    else found.set(key, fault);
  }
  return found;
}

const CALLED: Readonly<Record<string, string>> = {
  jpg: 'JPEG',
  jpe: 'JPEG',
  jfif: 'JPEG',
  mpo: 'JPEG',
  tif: 'TIFF',
  dib: 'BMP',
  heif: 'HEIC',
  hif: 'HEIC',
  dcm: 'DICOM',
  doc: 'Word',
  docx: 'Word',
  xls: 'Excel',
  xlsx: 'Excel',
  text: 'TXT',
  log: 'TXT',
  md: 'TXT',
  webp: 'WebP',
};

/** Extensions as people call the formats, each once: `.jpg` and `.jpeg` are JPEG. */
export function formats(extensions: readonly string[]): string[] {
  const plain = extensions.map((extension) => extension.replace('.', '').toLowerCase());
  return [...new Set(plain.map((extension) => CALLED[extension] ?? extension.toUpperCase()))];
}
