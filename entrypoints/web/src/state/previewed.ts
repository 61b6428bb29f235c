import type { MediaDocument, RecordFile } from '../api/types.js';

/** How a file can be shown. `none`: only downloaded. */
export type Showing = 'picture' | 'pdf' | 'text' | 'none';

/** A file as a preview needs it. */
export interface Previewed {
  readonly id: string;
  readonly name: string;
  readonly mime: string;
  readonly size: number;
  readonly description: string | null;
  /** Signed: the file itself, or the picture made of it. */
  readonly url: string;
  readonly showing: Showing;
  /** What is shown is a picture made of the file, not the file. */
  readonly derived: boolean;
}

const DRAWN = /^image\/(jpeg|png|webp|gif|bmp)$/;
const READ = /^(text\/|application\/(json|xml)$)/;

function showingOf(mime: string, pictured: boolean): Showing {
  if (mime === 'application/pdf') return 'pdf';
  if (READ.test(mime)) return 'text';
  return DRAWN.test(mime) || pictured ? 'picture' : 'none';
}

/** A file of a record or a document of a patient, as it can be shown. */
export function previewed(file: RecordFile | MediaDocument): Previewed {
  if ('file_name' in file) {
    const { id, file_name: name, file_type: mime, file_size: size, description, view_url, thumb_url } = file;
    const showing = showingOf(mime, thumb_url !== null);
    return { id, name, mime, size, description, url: view_url ?? '', showing, derived: showing === 'picture' && !DRAWN.test(mime) };
  }
  const { id, original_filename: name, mime_type: mime, file_size: size, description, medium_url, full_url } = file;
  const showing = showingOf(mime, medium_url !== null);
  const derived = showing === 'picture' && !DRAWN.test(mime);
  return { id, name, mime, size, description, url: derived ? (medium_url ?? '') : full_url, showing, derived };
}

/** The one before and the one after, null at the ends and where there is no list. */
export function neighbours<T extends { id: string }>(list: readonly T[], id: string): { before: T | null; after: T | null } {
  const at = list.findIndex((one) => one.id === id);
  return { before: (at > 0 && list[at - 1]) || null, after: (at >= 0 && list[at + 1]) || null };
}
