/** What is said of a photo before it is uploaded. Empty is not said: no subtype, the date from the file, the file's name. */
export interface PhotoWords {
  readonly kind: 'photo' | 'xray';
  readonly category: string;
  readonly subtype: string;
  /** As `<input type="datetime-local">` has it; empty for the date in the file. */
  readonly captured: string;
  readonly tags: readonly string[];
  readonly title: string;
}

/** A file that was picked, with what is said of it alone. */
export interface Staged {
  readonly key: string;
  readonly file: File;
  readonly own: Partial<PhotoWords>;
  /** Why it cannot be sent. */
  readonly fault: 'type' | 'size' | 'empty' | null;
}

export const UNSAID: PhotoWords = { kind: 'photo', category: '', subtype: '', captured: '', tags: [], title: '' };

const PICTURE = /\.(jpe?g|png|webp|gif|tiff?|heic|heif)$/i;
const XRAY = /\.(dcm|dicom)$/i;
export const ACCEPT = '.jpg,.jpeg,.png,.webp,.gif,.tif,.tiff,.heic,.heif,.dcm,.dicom,image/jpeg,image/png,image/webp,image/heic,image/heif';
export const MAX_BYTES = 100 * 2 ** 20;

function faultOf(file: File): Staged['fault'] {
  // Pasted pictures and some phones give no extension; their type speaks then.
  const known = PICTURE.test(file.name) || XRAY.test(file.name) || (!file.name.includes('.') && file.type.startsWith('image/'));
  if (!known) return 'type';
  if (file.size === 0) return 'empty';
  return file.size > MAX_BYTES ? 'size' : null;
}

/** More files, each once; a DICOM file can only be an x-ray. */
export function staged(list: readonly Staged[], files: readonly File[], newKey: () => string): Staged[] {
  const same = (one: File, two: File): boolean =>
    one.name === two.name && one.size === two.size && one.lastModified === two.lastModified;
  const fresh = files.filter((file) => !list.some((one) => same(one.file, file)));
  const own = (file: File): Partial<PhotoWords> => (XRAY.test(file.name) ? { kind: 'xray', category: 'xray' } : {});
  return [...list, ...fresh.map((file) => ({ key: newKey(), file, own: own(file), fault: faultOf(file) }))];
}

/** Kind, category and subtype go together: a change of one drops what no longer fits. */
export function said(words: Partial<PhotoWords>, change: Partial<PhotoWords>): Partial<PhotoWords> {
  const next = { ...words, ...change };
  if (change.kind === 'xray') return { ...next, category: 'xray', subtype: '' };
  if (change.kind === 'photo') return { ...next, category: next.category === 'xray' ? '' : (next.category ?? ''), subtype: '' };
  return change.category !== undefined && change.subtype === undefined ? { ...next, subtype: '' } : next;
}

/** What counts for a file: what is said of it alone goes before what is said for all. */
export function wordsFor(all: PhotoWords, own: Partial<PhotoWords>): PhotoWords {
  const words = { ...all, ...own };
  // A kind of its own without a category of its own: the one for all belongs to another kind.
  if (own.kind !== undefined && own.kind !== all.kind && own.category === undefined) {
    return { ...words, category: own.kind === 'xray' ? 'xray' : '', subtype: own.subtype ?? '' };
  }
  return own.category !== undefined && own.subtype === undefined ? { ...words, subtype: '' } : words;
}

/** Files that can go as they are, and those that still lack a category. */
export function ready(list: readonly Staged[], all: PhotoWords): { go: Staged[]; wait: Staged[] } {
  const fine = list.filter(({ fault }) => fault === null);
  const classified = ({ own }: Staged): boolean => wordsFor(all, own).category !== '';
  return { go: fine.filter(classified), wait: fine.filter((one) => !classified(one)) };
}

/** Fields of the upload as the API names them. */
export function fieldsOf(words: PhotoWords): Record<string, string | readonly string[] | null> {
  return {
    media_kind: words.kind,
    media_category: words.category,
    media_subtype: words.subtype || null,
    captured_at: words.captured ? new Date(words.captured).toISOString() : null,
    tags: words.tags,
    title: words.title.trim() || null,
  };
}
