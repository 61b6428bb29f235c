import { language } from '../i18n/index.js';
import type { Api } from './client.js';
import { Problem } from './problem.js';
import type { RecordFile } from './types.js';

/** Any record with files. */
export interface RecordRef {
  type: string;
  id: string;
}

/** What a type of record accepts: extensions with their dot, bytes; null is no limit of its own. */
export interface FileRules {
  entity_type: string;
  display_name: string;
  aliases: string[];
  accepted_types: string[];
  max_size: number | null;
  max_files: number | null;
  categories: string[];
  allowed_operations: string[];
}

export interface FileChange {
  file_name?: string;
  description?: string | null;
  category?: string | null;
}

interface Deleted {
  success: boolean;
  message: string;
  file_id: string;
  code: string | null;
}

const MOST = 200;
const asked = new Map<string, Promise<FileRules[]>>();

/** The rules of every type of record; asked once of each service in each language. */
export function getFileRules(api: Api): Promise<FileRules[]> {
  const key = `${language()} ${api.base}`;
  let answer = asked.get(key);
  if (answer === undefined) {
    answer = api.json<FileRules[]>('entity-types');
    answer.catch(() => asked.delete(key));
    asked.set(key, answer);
  }
  return answer;
}

/** Of one type, by its name or another word for it. */
export async function rulesFor(api: Api, type: string): Promise<FileRules> {
  const found = (await getFileRules(api)).find(({ entity_type: name, aliases }) => name === type || aliases.includes(type));
  if (found) return found;
  throw new Problem(400, 'malformed', `There is no record type ${type}`);
}

function pathOf({ type, id }: RecordRef): string {
  return `${encodeURIComponent(type)}/${encodeURIComponent(id)}/files`;
}

/** Every file of a record, newest first. */
export async function listFiles(api: Api, record: RecordRef, signal?: AbortSignal): Promise<RecordFile[]> {
  const found: RecordFile[] = [];
  let cursor: string | null = null;
  do {
    const answer: Response = await api.fetch(pathOf(record), { query: { cursor, page_size: MOST }, signal });
    found.push(...((await answer.json()) as RecordFile[]));
    cursor = answer.headers.get('X-Next-Cursor');
  } while (cursor);
  return found;
}

export function changeFile(api: Api, id: string, change: FileChange): Promise<RecordFile> {
  return api.json(`files/${id}/metadata`, { method: 'PUT', body: change });
}

/** To the trash, each by itself; what is refused comes back with the reason. */
export async function trashFiles(api: Api, ids: readonly string[]): Promise<ReadonlyMap<string, Problem | null>> {
  const outcome = new Map<string, Problem | null>();
  for (let at = 0; at < ids.length; at += MOST) {
    const body = { file_ids: ids.slice(at, at + MOST) };
    for (const one of await api.json<Deleted[]>('files/batch-delete', { method: 'POST', body })) {
      outcome.set(one.file_id, one.success ? null : new Problem(422, one.code ?? '', one.message));
    }
  }
  return outcome;
}

export function restoreFile(api: Api, id: string): Promise<RecordFile> {
  return api.json(`files/${id}/restore`, { method: 'POST' });
}

/** How many files each of up to 200 records of one type has. */
export async function countFiles(api: Api, type: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const body = { entity_type: type, entity_ids: ids };
  const counts = await api.json<{ entity_id: string; file_count: number }[]>('files/batch-counts', { method: 'POST', body });
  return new Map(counts.map(({ entity_id: id, file_count: count }) => [id, count]));
}
