import type { Api } from './client.js';
import { exchanged } from './exchange.js';

/** What a file becomes and whose it is; ids as the host has them. */
export type Destination =
  | { target: 'photo' | 'document'; patient_id: string }
  | { target: 'file'; entity_type: string; entity_id: string };

export type Fields = Readonly<Record<string, string | readonly string[] | null | undefined>>;

/** One file and where it goes; the same `key` sent again makes nothing twice. */
export interface UploadJob {
  file: File;
  to: Destination;
  /** What is said of it; a list becomes a repeated field, null and empty ones are not sent. */
  fields: Fields;
  key: string;
}

export interface UploadHooks {
  /** Bytes of the file that have gone out. */
  progress(sent: number, total: number): void;
  signal: AbortSignal;
}

/** A way to bring bytes to the service; resolves with the answer's JSON, throws `Problem`. */
export type Transport = (api: Api, job: UploadJob, hooks: UploadHooks) => Promise<unknown>;

/** From here on losing a connection costs more than the requests that going on needs. */
const RESUMABLE_FROM = 8 * 2 ** 20;

const offers = new Map<string, boolean>();

/** The route of the upload that comes whole, below the API's base. */
export function pathFor(to: Destination): string {
  if (to.target === 'file') return `${encodeURIComponent(to.entity_type)}/${encodeURIComponent(to.entity_id)}/files`;
  return `media/patients/${encodeURIComponent(to.patient_id)}/${to.target}s`;
}

/** What is said of the file: each name with its values, none of them empty. */
export function said(fields: Fields): [name: string, values: string[]][] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const values = (Array.isArray(value) ? (value as readonly string[]) : [value as string | null | undefined]).filter((one) => !!one);
    return values.length > 0 ? [[name, values as string[]]] : [];
  });
}

export function formOf(job: UploadJob): FormData {
  const form = new FormData();
  for (const [name, values] of said(job.fields)) for (const value of values) form.append(name, value);
  form.append('file', job.file, job.file.name);
  return form;
}

/** Small files in one request, large ones in pieces where the service takes them so. */
export const upload: Transport = async (api, job, hooks) => {
  const way = (await inPieces(api, job)) ? (await import('./resumable.js')).resumable : multipart;
  return way(api, job, hooks);
};

/** Give up what is not being sent at the moment: bytes that are there already go. */
export async function abandon(api: Api, job: UploadJob): Promise<void> {
  if (await inPieces(api, job)) await (await import('./resumable.js')).giveUp(api, job);
}

async function inPieces(api: Api, job: UploadJob): Promise<boolean> {
  return job.file.size >= (api.connection.resumableFrom ?? RESUMABLE_FROM) && offersPieces(api);
}

/** Whether the service speaks tus; asked until it answers. */
async function offersPieces(api: Api): Promise<boolean> {
  const known = offers.get(api.base);
  if (known !== undefined) return known;
  const answer = await fetch(api.url('uploads'), { method: 'OPTIONS' }).catch(() => null);
  const offered = answer?.headers.get('Tus-Version')?.split(',').includes('1.0.0') ?? false;
  if (answer?.ok) offers.set(api.base, offered);
  return offered;
}

export const multipart: Transport = async (api, job, { progress, signal }) => {
  const { size } = job.file;
  const answer = await exchanged(api, {
    method: 'POST',
    url: api.url(pathFor(job.to)),
    headers: { 'Idempotency-Key': job.key },
    body: formOf(job),
    progress: (sent, total) => progress(Math.min(size, Math.round((sent / total) * size)), size),
    signal,
  });
  if (answer.status >= 200 && answer.status < 300) return JSON.parse(answer.responseText);
  throw api.refusal(answer.status, answer.responseText, answer.getResponseHeader('Retry-After'));
};
