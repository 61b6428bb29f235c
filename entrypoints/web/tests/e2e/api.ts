import { inject } from 'vitest';
import type { MediaDocument, One, Page } from '../../src/api/types.js';

/** What a flow prepares or looks up behind the browser's back. */
export async function ask<T>(path: string, init: RequestInit = {}, role = 'ADMIN'): Promise<T> {
  const answer = await fetch(`${inject('serviceUrl')}/api/v1/${path}`, {
    ...init,
    headers: { Authorization: `Bearer ${inject('tokens')[role]}`, 'Content-Type': 'application/json', ...init.headers },
  });
  if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return (text ? JSON.parse(text) : null) as T;
}

/** A patient that only one flow uses. */
export async function newPatient(name: string): Promise<string> {
  const id = `e2e-${crypto.randomUUID().slice(0, 8)}`;
  await ask(`directory/patients/${id}`, { method: 'PUT', body: JSON.stringify({ display_name: name, status: 'active' }) });
  return id;
}

export async function upload(patient: string, name: string, bytes: Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}): Promise<MediaDocument> {
  const form = new FormData();
  for (const [key, value] of Object.entries({ media_category: 'intraoral', ...fields })) form.append(key, value);
  form.append('file', new File([bytes], name, { type: 'image/jpeg' }));
  const answer = await fetch(`${inject('serviceUrl')}/api/v1/media/patients/${patient}/photos`, {
    method: 'POST',
    body: form,
    headers: { Authorization: `Bearer ${inject('tokens')['ADMIN']}` },
  });
  if (!answer.ok) throw new Error(`upload of ${name}: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as One<MediaDocument>).data;
}

export async function photosOf(patient: string): Promise<MediaDocument[]> {
  return (await ask<Page<MediaDocument>>(`media/patients/${patient}/photos?page_size=200`)).data;
}
