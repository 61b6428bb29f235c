import type { Api } from './client.js';
import type { Owner } from './attachments.js';
import type { Note, One, Page } from './types.js';

export interface NewNote {
  note_type: string;
  owner_type: string;
  owner_id: string;
  body: string;
  tooth_number?: number | null;
  attachment_document_ids: readonly string[];
}

/** The kind of note that a record has when nothing else is said. */
const TYPES: Readonly<Record<string, string>> = {
  patient: 'administrative',
  treatment: 'treatment',
  plan: 'treatment_plan',
  appointment: 'appointment_clinical',
};

export function noteTypeOf(ownerType: string): string {
  return TYPES[ownerType] ?? 'administrative';
}

/** The same `key` with the same note makes no second one. */
export async function writeNote(api: Api, note: NewNote, key: string): Promise<Note> {
  const ask = { method: 'POST', body: note, headers: { 'Idempotency-Key': key } } as const;
  return (await api.json<One<Note>>('clinical_notes/notes', ask)).data;
}

/** The notes on a record, newest first. */
export function listNotes(api: Api, owner: Owner, cursor?: string, signal?: AbortSignal): Promise<Page<Note>> {
  return api.json('clinical_notes/notes', { query: { owner_type: owner.type, owner_id: owner.id, cursor }, signal });
}

/** A patient's notes on whatever record, newest first. */
export function recentNotes(api: Api, patient: string, cursor?: string, signal?: AbortSignal): Promise<Page<Note>> {
  return api.json(`clinical_notes/patients/${encodeURIComponent(patient)}/recent`, { query: { cursor }, signal });
}

/** A `Problem` 412 when the note is no longer what the change was made on. */
export async function reviseNote(api: Api, note: Note, body: string): Promise<Note> {
  const ask = { method: 'PATCH', body: { body }, headers: { 'If-Match': `"${note.version}"` } } as const;
  return (await api.json<One<Note>>(`clinical_notes/notes/${note.id}`, ask)).data;
}

/** Its documents stay with the patient. */
export async function deleteNote(api: Api, note: Note): Promise<void> {
  await api.fetch(`clinical_notes/notes/${note.id}`, { method: 'DELETE', headers: { 'If-Match': `"${note.version}"` } });
}

/** How many notes each record has. */
export async function countNotes(api: Api, ownerType: string, ids: readonly string[]): Promise<Map<string, number>> {
  const query = { owner_type: ownerType, owner_ids: ids };
  const { data } = await api.json<One<{ owner_id: string; count: number }[]>>('clinical_notes/notes/counts', { query });
  return new Map(data.map((one) => [one.owner_id, one.count]));
}
