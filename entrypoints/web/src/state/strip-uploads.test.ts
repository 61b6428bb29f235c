import { expect, test } from 'vitest';
import { stripJob } from './strip-uploads.js';

const OWNER = { type: 'plan', id: '7' };
const PHOTO = { kind: 'photo', category: 'clinical', subtype: 'reference' } as const;
const job = (name: string, words: Parameters<typeof stripJob>[3] = PHOTO): ReturnType<typeof stripJob> =>
  stripJob('p 1', OWNER, new File(['x'], name), words, 'k');

test('a picture goes onto the record in one step', () => {
  expect(job('a.jpg')).toMatchObject({
    to: { target: 'photo', patient_id: 'p 1' },
    fields: { media_kind: 'photo', media_category: 'clinical', media_subtype: 'reference', owner_type: 'plan', owner_id: '7' },
    attachAfter: false,
  });
});

test('an x-ray is one whatever its file is, and DICOM is always one', () => {
  const xray = { kind: 'xray', category: 'xray', subtype: 'periapical' } as const;
  expect(job('a.png', xray).fields).toMatchObject({ media_kind: 'xray', media_category: 'xray', media_subtype: 'periapical' });
  expect(job('a.dcm').fields).toMatchObject({ media_kind: 'xray', media_subtype: '' });
});

test('any other file is a document, called like the file, and is attached after', () => {
  expect(job('informe 2026.pdf')).toMatchObject({
    to: { target: 'document', patient_id: 'p 1' },
    fields: { document_type: 'other', title: 'informe 2026' },
    attachAfter: true,
  });
});
