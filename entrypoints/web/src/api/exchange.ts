import type { Api } from './client.js';
import { noAnswer } from './problem.js';

export interface Sending {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: XMLHttpRequestBodyInit | null;
  /** Bytes of the body that have gone out, and how many it has; not called where the browser does not know. */
  progress?: ((sent: number, total: number) => void) | undefined;
  signal: AbortSignal;
}

/**
 * One request as whoever asks, with one more try as the same person where a token has run out. XMLHttpRequest, because
 * fetch tells no progress of what goes out. Throws `Problem` when no answer comes; whatever the answer says is returned.
 */
export async function exchanged(api: Api, sending: Sending): Promise<XMLHttpRequest> {
  const answer = await once(sending, await api.headers());
  return answer.status === 401 && api.connection.getToken ? once(sending, await api.headers(true)) : answer;
}

function once({ method, url, headers, body, progress, signal }: Sending, asker: Record<string, string>): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => reject(new DOMException('Aborted', 'AbortError'));
    if (signal.aborted) return aborted();
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries({ ...asker, ...headers })) request.setRequestHeader(name, value);
    if (progress) {
      request.upload.onprogress = (event): void => {
        if (event.lengthComputable) progress(event.loaded, event.total);
      };
    }
    request.onload = (): void => resolve(request);
    request.onerror = (): void => reject(noAnswer());
    request.onabort = aborted;
    signal.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}
