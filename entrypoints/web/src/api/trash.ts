import type { Api } from './client.js';
import type { Page, RecordFile, Scan } from './types.js';

export interface TrashedFile extends RecordFile {
  title: string;
  patient_id: string;
  deleted_at: string;
  deleted_by: string | null;
  scan: Scan;
}

interface TrashBody {
  days: { date: string; files: TrashedFile[] }[];
  total: number;
  next_cursor: string | null;
}

/** What is in the trash, the latest first. */
export async function listTrash(api: Api, cursor?: string, signal?: AbortSignal): Promise<Page<TrashedFile>> {
  const { days, total, next_cursor } = await api.json<TrashBody>('files/trash', { query: { cursor }, signal });
  const data = days.flatMap(({ files }) => files);
  return { data, total, next_cursor, page: null, page_size: data.length, message: null };
}
