import type { Api } from './client.js';
import type { DocumentType, MediaDocument, Page } from './types.js';

/** What a Documents tab asks for. */
export interface DocumentQuery {
  document_type?: DocumentType | undefined;
  q?: string | undefined;
  cursor?: string | undefined;
  page_size?: number | undefined;
}

export const DOCUMENT_TYPES: readonly DocumentType[] = ['consent', 'report', 'insurance', 'id_scan', 'referral', 'other'];

/** A patient's documents without photos and x-rays, newest first. */
export function listDocuments(api: Api, patient: string, query: DocumentQuery, signal?: AbortSignal): Promise<Page<MediaDocument>> {
  return api.json(`media/patients/${encodeURIComponent(patient)}/documents`, { query: { ...query, media_kind: 'document' }, signal });
}
