// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest';
import { Api } from '../api/client.js';
import { Problem } from '../api/problem.js';
import { forgetDrafts, isTooth, noteDraft, NoteDraft, readiness } from './note-draft.js';
import type { UploadRow, UploadStatus } from './uploads.js';

let answers: { path: string; form: FormData; answer: (status: number, body: unknown) => void; progress: (loaded: number) => void }[] = [];

/** What the service would say is said by the test. */
class Request {
  upload: { onprogress?: (event: object) => void } = {};
  status = 0;
  responseText = '';
  onload?: () => void;
  #path = '';
  open(_: string, path: string): void {
    this.#path = new URL(path).pathname;
  }
  setRequestHeader(): void {}
  getResponseHeader(): null {
    return null;
  }
  abort(): void {}
  send(form: FormData): void {
    const answer = (status: number, body: unknown): void => {
      Object.assign(this, { status, responseText: JSON.stringify(body) });
      this.onload?.();
    };
    const progress = (loaded: number): void => this.upload.onprogress?.({ lengthComputable: true, loaded, total: 1 });
    answers.push({ path: this.#path, form, answer, progress });
  }
}

beforeEach(() => {
  answers = [];
  forgetDrafts();
  vi.stubGlobal('XMLHttpRequest', Request);
});

const OWNER = { type: 'treatment', id: 't1' };
const draft = (): NoteDraft => noteDraft(new Api(), OWNER, 'treatment');
const row = (status: UploadStatus, name = 'a.jpg'): UploadRow => ({ id: name, name, size: 1, status, sent: 0 });
const document = (id: string): object => ({ data: { id, title: id, mime_type: 'image/jpeg', thumb_url: `/thumb/${id}`, version: 1 } });
const settle = (): Promise<void> => new Promise((done) => setTimeout(done));

test('a note waits for what is on its way, and can go without what did not arrive', () => {
  expect(readiness([])).toEqual({ state: 'ready' });
  expect(readiness([row('done'), row('sending'), row('offline'), row('failed')])).toEqual({ state: 'uploading', pending: 3 });
  expect(readiness([row('refused', 'b.exe'), row('failed', 'c.jpg')])).toEqual({ state: 'failed', names: ['b.exe', 'c.jpg'] });
});

test('a tooth has a quadrant and a place in it', () => {
  expect(['11', '48', '51', '85'].every(isTooth)).toBe(true);
  expect(['', '10', '49', '56', '86', '91', '1', '111'].some(isTooth)).toBe(false);
});

test('pictures go at once as clinical reference photos, other files as documents, and none onto the record yet', async () => {
  draft().attach('p1', [new File(['x'], 'molar.jpg', { type: 'image/jpeg' }), new File(['y'], 'informe.pdf')]);
  await settle();
  expect(answers.map(({ path }) => path)).toEqual(['/api/v1/media/patients/p1/photos', '/api/v1/media/patients/p1/documents']);
  const [photo, paper] = answers.map(({ form }) => Object.fromEntries(form));
  expect(photo).toMatchObject({ media_kind: 'photo', media_category: 'clinical', media_subtype: 'reference' });
  expect(photo).not.toHaveProperty('owner_id');
  expect(paper).toMatchObject({ document_type: 'other', title: 'informe' });
});

test('what has arrived is part of the note; what was refused is not', async () => {
  draft().attach('p1', [new File(['x'], 'one.jpg', { type: 'image/jpeg' }), new File(['y'], 'two.jpg', { type: 'image/jpeg' })]);
  await settle();
  answers[0]?.answer(201, document('d1'));
  answers[1]?.answer(422, { code: 'unreadable' });
  await settle();
  expect(draft().content.files).toEqual([{ id: 'd1', title: 'd1', mime_type: 'image/jpeg', thumb_url: '/thumb/d1' }]);
  expect(readiness(draft().queue.rows)).toEqual({ state: 'failed', names: ['two.jpg'] });
  expect(draft().queue.rows[0]?.problem).toBeInstanceOf(Problem);
});

test('what had gone out whole when it was discarded is no part of the note, and goes to the trash', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: string, { method }: RequestInit) => {
    asked.push(`${method} ${new URL(url).pathname}`);
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  draft().attach('p1', [new File(['x'], 'late.jpg', { type: 'image/jpeg' })]);
  await settle();
  answers[0]?.progress(1);
  draft().clear();
  expect(draft().rows).toEqual([]);
  answers[0]?.answer(201, document('d9'));
  await settle();
  expect(draft().isEmpty).toBe(true);
  expect(asked).toEqual(['DELETE /api/v1/media/documents/d9']);
});

test('a draft is there again after a reload, each record and type with its own', () => {
  const begun = (place: string): NoteDraft => new NoteDraft(new Api(), OWNER, place);
  begun('t1').write({ text: 'A medias' });
  expect(begun('t1').content.text).toBe('A medias');
  expect(begun('t2').content.text).toBe('');
  expect(draft()).toBe(draft());
  expect(noteDraft(new Api(), OWNER, 'other')).not.toBe(draft());
});

test('what the next person at this computer sees is empty', () => {
  draft().write({ text: 'Confidencial' });
  forgetDrafts();
  expect(draft().content.text).toBe('');
  expect(sessionStorage.length).toBe(0);
});

test('clearing gives back what was there', () => {
  draft().write({ text: 'Texto', tooth: '36' });
  expect(draft().isEmpty).toBe(false);
  expect(draft().clear()).toEqual({ text: 'Texto', tooth: '36', files: [] });
  expect(draft().isEmpty).toBe(true);
});

test('the same note sent again has the same key, another one another', () => {
  const key = draft().keyFor('one');
  expect(draft().keyFor('one')).toBe(key);
  expect(draft().keyFor('two')).not.toBe(key);
});
