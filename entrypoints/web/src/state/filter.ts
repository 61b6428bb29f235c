import type { PhotoQuery } from '../api/photos.js';
import type { MediaDocument } from '../api/types.js';

/** What a gallery shows. Empty strings and an empty list are no restriction; dates are days. */
export interface Filter {
  readonly category: string;
  readonly subtype: string;
  readonly from: string;
  readonly to: string;
  readonly tags: readonly string[];
  readonly text: string;
  readonly paired: '' | 'paired' | 'unpaired';
}

export const EVERYTHING: Filter = { category: '', subtype: '', from: '', to: '', tags: [], text: '', paired: '' };

/** With a part changed; another category drops the subtype. */
export function refined(filter: Filter, change: Partial<Filter>): Filter {
  const next = { ...filter, ...change };
  return change.category !== undefined && change.category !== filter.category ? { ...next, subtype: change.subtype ?? '' } : next;
}

export function queryOf(filter: Filter): PhotoQuery {
  return {
    media_category: filter.category || undefined,
    media_subtype: filter.subtype || undefined,
    captured_from: filter.from || undefined,
    captured_to: filter.to || undefined,
    tag: filter.tags,
    q: filter.text.trim() || undefined,
    pair_status: filter.paired || undefined,
  };
}

/** How many restrictions there are besides category and subtype, which are always in sight. */
export function restrictions(filter: Filter): number {
  return [filter.from || filter.to, filter.paired, ...filter.tags].filter(Boolean).length;
}

export function isFiltered(filter: Filter): boolean {
  return restrictions(filter) > 0 || filter.category !== '' || filter.text.trim() !== '';
}

/** Whether a photo that has just come belongs to what is shown; the service decides about text, so text is a no. */
export function shows(filter: Filter, photo: MediaDocument): boolean {
  const day = (photo.captured_at ?? photo.created_at).slice(0, 10);
  return (
    (!filter.category || photo.media_category === filter.category) &&
    (!filter.subtype || photo.media_subtype === filter.subtype) &&
    (!filter.from || day >= filter.from) &&
    (!filter.to || day <= filter.to) &&
    (!filter.paired || (photo.paired_document_id !== null) === (filter.paired === 'paired')) &&
    filter.tags.every((tag) => photo.tags.includes(tag)) &&
    !filter.text.trim()
  );
}
