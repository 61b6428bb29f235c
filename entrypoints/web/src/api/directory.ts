import type { Api } from './client.js';
import type { One, Page } from './types.js';

export interface Patient {
  id: string;
  display_name: string;
  /** A day, or null. */
  birth_date: string | null;
  status: 'active' | 'archived';
  created_at: string;
  updated_at: string;
}

/** A record of the host that documents can be put on: a visit, a treatment, a lab result … */
export interface OwnerRecord {
  owner_type: string;
  owner_id: string;
  patient_id: string;
  title: string;
  occurred_at: string | null;
  created_at: string;
  updated_at: string;
}

const PAGE = 200;

export function searchPatients(api: Api, text: string, cursor?: string, signal?: AbortSignal): Promise<Page<Patient>> {
  return api.json('directory/patients', { query: { q: text, cursor }, signal });
}

export async function getPatient(api: Api, id: string, signal?: AbortSignal): Promise<Patient> {
  return (await api.json<One<Patient>>(`directory/patients/${encodeURIComponent(id)}`, { signal })).data;
}

export type PatientWords = Pick<Patient, 'display_name' | 'birth_date' | 'status'>;

export async function putPatient(api: Api, id: string, words: PatientWords): Promise<Patient> {
  return (await api.json<One<Patient>>(`directory/patients/${encodeURIComponent(id)}`, { method: 'PUT', body: words })).data;
}

/** Every record of a patient, or every one of a type, newest first. */
export function listRecords(api: Api, patient: string, ownerType?: string, signal?: AbortSignal): Promise<OwnerRecord[]> {
  return pages((cursor) =>
    api.json('directory/owners', { query: { patient_id: patient, owner_type: ownerType, page_size: PAGE, cursor }, signal }),
  );
}

export async function putRecord(api: Api, record: Pick<OwnerRecord, 'owner_type' | 'owner_id' | 'patient_id' | 'title' | 'occurred_at'>): Promise<OwnerRecord> {
  const { owner_type: type, owner_id: id, ...body } = record;
  return (await api.json<One<OwnerRecord>>(`directory/owners/${type}/${encodeURIComponent(id)}`, { method: 'PUT', body })).data;
}

/** A record, and whose it is. */
export interface ClinicRecord extends OwnerRecord {
  patient: Patient;
}

/** All patients whom the caller sees. */
export function everyPatient(api: Api, signal?: AbortSignal): Promise<Patient[]> {
  return pages((cursor) => api.json('directory/patients', { query: { page_size: PAGE, cursor }, signal }));
}

/** The records of these types of all patients whom the caller sees, each type's newest first. */
export async function everyRecord(api: Api, ownerTypes: readonly string[], signal?: AbortSignal): Promise<ClinicRecord[]> {
  const [patients, ...records] = await Promise.all([everyPatient(api, signal), ...ownerTypes.map((type) => recordsOf(api, type, signal))]);
  const known = new Map(patients.map((patient) => [patient.id, patient]));
  return records.flat().flatMap((record) => {
    const patient = known.get(record.patient_id);
    return patient ? [{ ...record, patient }] : []; // entered in between
  });
}

function recordsOf(api: Api, ownerType: string, signal?: AbortSignal): Promise<OwnerRecord[]> {
  return pages((cursor) => api.json('directory/owners', { query: { owner_type: ownerType, page_size: PAGE, cursor }, signal }));
}

async function pages<T>(ask: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await ask(cursor ?? undefined);
    found.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}
