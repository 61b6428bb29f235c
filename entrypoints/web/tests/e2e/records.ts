import type { Page } from 'playwright-core';
import { inject } from 'vitest';
import { ask, newPatient } from './api.js';
import type { RecordFile } from '../../src/api/types.js';

export interface Picked {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A record of a new patient. */
export async function newRecord(type: string, title = 'Analítica de control', patient?: string): Promise<string> {
  const id = `${type.slice(0, 3)}-${crypto.randomUUID().slice(0, 8)}`;
  const body = { patient_id: patient ?? (await newPatient('Nuria Navarro')), title, occurred_at: '2026-05-04T09:00:00Z' };
  await ask(`directory/owners/${type}/${id}`, { method: 'PUT', body: JSON.stringify(body) });
  return id;
}

export function filesOf(type: string, id: string): Promise<RecordFile[]> {
  return ask<RecordFile[]>(`${type}/${id}/files?sort=name`);
}

export async function put(type: string, id: string, file: Picked, fields: Record<string, string> = {}): Promise<RecordFile> {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.append(key, value);
  form.append('file', new File([new Uint8Array(file.buffer)], file.name, { type: file.mimeType }));
  const answer = await fetch(`${inject('serviceUrl')}/api/v1/${type}/${id}/files`, {
    method: 'POST',
    body: form,
    headers: { Authorization: `Bearer ${inject('tokens')['ADMIN']}` },
  });
  if (!answer.ok) throw new Error(`${file.name}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as RecordFile;
}

/** A PDF of one page with a line of text. */
export function pdf(name: string, line: string): Picked {
  const content = `BT /F1 22 Tf 72 720 Td (${line}) Tj 0 -40 Td /F1 12 Tf (Hemoglobina 13,9 g/dL   Glucosa 92 mg/dL) Tj ET`;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  let text = '%PDF-1.4\n';
  const places = objects.map((object, at) => {
    const place = text.length;
    text += `${at + 1} 0 obj${object}endobj\n`;
    return place;
  });
  const start = text.length;
  text += `xref\n0 6\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')}`;
  text += `trailer<</Size 6/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(text, 'latin1') };
}

export function note(name: string, text: string, mimeType = 'text/plain'): Picked {
  return { name, mimeType, buffer: Buffer.from(text) };
}

export const picker = (page: Page, tag: string): ReturnType<Page['locator']> => page.locator(`${tag} input[type=file]`);
