import type { Api } from './client.js';
import type { MediaDocument, One, Page, Pair } from './types.js';

/** What a gallery asks for; dates are days (`2026-05-01`), inclusive. */
export interface PhotoQuery {
  media_kind?: string | undefined;
  media_category?: string | undefined;
  media_subtype?: string | undefined;
  captured_from?: string | undefined;
  captured_to?: string | undefined;
  pair_status?: 'all' | 'paired' | 'unpaired' | undefined;
  tag?: readonly string[] | undefined;
  q?: string | undefined;
  cursor?: string | undefined;
  page_size?: number | undefined;
}

export interface PhotoChange {
  media_category?: string | null;
  media_subtype?: string | null;
  captured_at?: string | null;
  tags?: string[];
}

export function listPhotos(api: Api, patient: string, query: PhotoQuery, signal?: AbortSignal): Promise<Page<MediaDocument>> {
  return api.json(`media/patients/${encodeURIComponent(patient)}/photos`, { query: { ...query }, signal });
}

export async function getDocument(api: Api, id: string, signal?: AbortSignal): Promise<MediaDocument> {
  return (await api.json<One<MediaDocument>>(`media/documents/${id}`, { signal })).data;
}

const ifMatch = (version?: number): Record<string, string> => (version === undefined ? {} : { 'If-Match': `"${version}"` });

/** `version` is what the change was made on; a `Problem` 412 when it is no longer the current one. */
export async function changePhoto(api: Api, id: string, change: PhotoChange, version?: number): Promise<MediaDocument> {
  const ask = { method: 'PATCH', body: change, headers: ifMatch(version) } as const;
  return (await api.json<One<MediaDocument>>(`media/documents/${id}/photo-metadata`, ask)).data;
}

export async function changeDocument(
  api: Api,
  id: string,
  change: { title?: string; description?: string | null; document_type?: string },
  version?: number,
): Promise<MediaDocument> {
  const ask = { method: 'PUT', body: change, headers: ifMatch(version) } as const;
  return (await api.json<One<MediaDocument>>(`media/documents/${id}`, ask)).data;
}

export async function trashDocument(api: Api, id: string): Promise<void> {
  await api.fetch(`media/documents/${id}`, { method: 'DELETE' });
}

export async function restoreDocument(api: Api, id: string): Promise<MediaDocument> {
  return (await api.json<One<MediaDocument>>(`media/documents/${id}/restore`, { method: 'POST' })).data;
}

export async function getPair(api: Api, id: string, signal?: AbortSignal): Promise<Pair> {
  return (await api.json<One<Pair>>(`media/documents/${id}/pair`, { signal })).data;
}

/** `before` is one of the two; without it the earlier capture is. */
export async function pairPhotos(api: Api, id: string, other: string, before?: string): Promise<MediaDocument> {
  const ask = { method: 'POST', query: { before } } as const;
  return (await api.json<One<MediaDocument>>(`media/documents/${id}/pair/${other}`, ask)).data;
}

export async function unpairPhoto(api: Api, id: string): Promise<MediaDocument> {
  return (await api.json<One<MediaDocument>>(`media/documents/${id}/pair`, { method: 'DELETE' })).data;
}
