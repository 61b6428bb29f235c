import type { Api } from './client.js';
import type { Page } from './types.js';

/** Who did what, when and from where; `outcome` is `ok` or the code of the refusal. */
export interface AuditEntry {
  seq: number;
  at: string;
  user_id: string;
  action: string;
  outcome: string;
  document_id: string | null;
  patient_id: string | null;
  subject: string | null;
  detail: string | null;
  address: string;
  request_id: string;
  hash: string;
}

/** Days are `2026-05-01`, inclusive; empty for any. */
export interface AuditQuery {
  user_id: string;
  patient_id: string;
  action: string;
  from: string;
  to: string;
}

/** Newest first. */
export function listAudit(api: Api, query: AuditQuery, cursor?: string, signal?: AbortSignal): Promise<Page<AuditEntry>> {
  return api.json('audit', { query: { ...query, cursor, page_size: 100 }, signal });
}
