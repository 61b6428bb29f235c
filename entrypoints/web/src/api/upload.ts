import type { Api } from './client.js';
import { noAnswer } from './problem.js';

/** One file and where it goes; the same `key` sent again makes nothing twice. */
export interface UploadJob {
  file: File;
  /** Below the API's base, for example `media/patients/p1/photos`. */
  path: string;
  /** Form fields; a list becomes a repeated field, null and empty ones are not sent. */
  fields: Readonly<Record<string, string | readonly string[] | null | undefined>>;
  key: string;
}

export interface UploadHooks {
  /** Bytes of the file that have gone out. */
  progress(sent: number, total: number): void;
  signal: AbortSignal;
}

/** A way to bring bytes to the service; resolves with the answer's JSON, throws `Problem`. */
export type Transport = (api: Api, job: UploadJob, hooks: UploadHooks) => Promise<unknown>;

export function formOf(job: UploadJob): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(job.fields)) {
    const values = Array.isArray(value) ? (value as readonly string[]) : [value as string | null | undefined];
    for (const one of values) if (one) form.append(name, one);
  }
  form.append('file', job.file, job.file.name);
  return form;
}

/** One multipart request. XMLHttpRequest, because fetch tells no progress of what goes out. */
export const multipart: Transport = async (api, job, hooks) => {
  const answer = await sent(api, job, hooks, await api.headers());
  if (answer.status === 401 && api.connection.getToken) return parsed(api, await sent(api, job, hooks, await api.headers(true)));
  return parsed(api, answer);
};

function parsed(api: Api, request: XMLHttpRequest): unknown {
  if (request.status >= 200 && request.status < 300) return JSON.parse(request.responseText);
  throw api.refusal(request.status, request.responseText, request.getResponseHeader('Retry-After'));
}

function sent(api: Api, job: UploadJob, hooks: UploadHooks, headers: Record<string, string>): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', api.url(job.path));
    for (const [name, value] of Object.entries({ ...headers, 'Idempotency-Key': job.key })) request.setRequestHeader(name, value);
    const { size } = job.file;
    request.upload.onprogress = (event): void => {
      if (event.lengthComputable) hooks.progress(Math.min(size, Math.round((event.loaded / event.total) * size)), size);
    };
    request.onload = (): void => resolve(request);
    request.onerror = (): void => reject(noAnswer());
    request.onabort = (): void => reject(new DOMException('Aborted', 'AbortError'));
    hooks.signal.addEventListener('abort', () => request.abort());
    request.send(formOf(job));
  });
}
