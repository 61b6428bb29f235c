import type { Api } from './client.js';
import type { Page } from './types.js';

export const TIMELINE_TYPES = ['upload', 'note', 'pairing', 'visit'] as const;
export type TimelineType = (typeof TIMELINE_TYPES)[number];

/** Something that happened with a patient; `id` is that of the document, note, pairing or record. */
export interface TimelineEntry {
  type: TimelineType;
  at: string;
  id: string;
  title: string;
  document_id: string | null;
  other_document_id: string | null;
  owner_type: string | null;
  owner_id: string | null;
}

/** Newest first. */
export function listTimeline(api: Api, patient: string, types: readonly TimelineType[], cursor?: string, signal?: AbortSignal): Promise<Page<TimelineEntry>> {
  return api.json(`media/patients/${encodeURIComponent(patient)}/timeline`, { query: { types, cursor }, signal });
}
