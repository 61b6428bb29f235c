import { Upload, type DetailedError, type HttpResponse } from 'tus-js-client';
import type { Api } from './client.js';
import { drop, forget, keep, recall, spotOf, wordsOf } from './kept-uploads.js';
import { noAnswer, Problem } from './problem.js';
import { TusExchanges } from './tus-exchange.js';
import { said, type Transport, type UploadHooks, type UploadJob } from './upload.js';

export { giveUp } from './kept-uploads.js';

/** Bytes of one request: as much as a lost connection costs at most. */
const PIECE = 4 * 2 ** 20;

/**
 * In pieces, by tus: goes on where an earlier try, or an earlier page, was interrupted. Answers with what the upload
 * that comes whole answers with.
 */
export const resumable: Transport = async (api, job, hooks) => {
  const spot = await spotOf(api, job.to, job.file);
  const words = await wordsOf(job.fields);
  const kept = recall(spot);
  // The same file with something else said of it: those words would not be heard.
  if (kept && kept.words !== words) await drop(api, spot, kept.url);
  try {
    const answer = await sent(api, job, hooks, { spot, words });
    const document = await api.json<unknown>(answer.getHeader('Content-Location') ?? '');
    forget(spot);
    return document;
  } catch (error) {
    const isFinal = error instanceof Problem && !error.passing && error.status !== 401;
    if (isFinal) forget(spot);
    throw error;
  }
};

function sent(api: Api, job: UploadJob, hooks: UploadHooks, at: { spot: string; words: string }): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const found = recall(at.spot)?.url ?? null;
    let known = found;
    const upload = new Upload(job.file, {
      endpoint: api.url('uploads'),
      uploadUrl: found,
      metadata: metadataOf(job),
      chunkSize: PIECE,
      retryDelays: null, // whoever queues tries again
      storeFingerprintForResuming: false,
      httpStack: new TusExchanges(api, found ? null : job.key),
      onProgress: (bytes) => hooks.signal.aborted || hooks.progress(bytes, job.file.size),
      onUploadUrlAvailable: () => {
        known = upload.url;
        if (hooks.signal.aborted) stop();
        else if (known && known !== found) keep(at.spot, { url: known, words: at.words, at: Date.now() });
      },
      onSuccess: ({ lastResponse }) => resolve(lastResponse),
      onError: (error) => reject(problemIn(error)),
    });
    const stop = (): void => {
      reject(new DOMException('Aborted', 'AbortError'));
      if (known === null) return; // its address is on its way here
      void upload.abort();
      void drop(api, at.spot, known);
    };
    hooks.signal.addEventListener('abort', stop);
    upload.start();
  });
}

function metadataOf({ file, to, fields }: UploadJob): Record<string, string> {
  const words = said(fields).map(([name, values]) => [name, values.join('\n')]);
  const about = Object.entries({ ...to, filename: file.name, filetype: file.type }).filter(([, value]) => value !== '');
  return Object.fromEntries([...words, ...about]) as Record<string, string>;
}

function problemIn(error: Error | DetailedError): Problem {
  const cause = 'causingError' in error ? error.causingError : error;
  return cause instanceof Problem ? cause : noAnswer();
}
