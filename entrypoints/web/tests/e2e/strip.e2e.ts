import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ask, newPatient, photosOf, upload } from './api.js';
import { launch, visit } from './browser.js';
import { mount } from './gallery.js';
import { drawn } from './pictures.js';
import type { Attachment, Page as ListPage } from '../../src/api/types.js';

let browser: Browser;
let pictures: Buffer[];
let patient: string;
let record: string;

beforeAll(async () => {
  browser = await launch();
  pictures = await drawn(browser, 4);
});

afterAll(() => browser.close());

beforeEach(async () => {
  patient = await newPatient('Tomás Tira');
  record = `v-${crypto.randomUUID().slice(0, 8)}`;
  const body = { patient_id: patient, title: 'Revisión', occurred_at: '2026-03-01T09:00:00Z' };
  await ask(`directory/owners/appointment_treatment/${record}`, { method: 'PUT', body: JSON.stringify(body) });
});

const owner = (): Record<string, string> => ({ owner_type: 'appointment_treatment', owner_id: record });

async function attached(): Promise<string[]> {
  const query = new URLSearchParams(owner()).toString();
  const page = await ask<ListPage<Attachment>>(`media/attachments?${query}`);
  return page.data.map(({ document }) => document.title);
}

async function three(): Promise<void> {
  for (const [at, title] of ['Uno', 'Dos', 'Tres'].entries()) {
    await upload(patient, `${title}.jpg`, new Uint8Array(pictures[at] ?? []), { title, ...owner() });
  }
}

async function openStrip(page: Page): Promise<void> {
  await mount(page, 'attachment-thumb-strip', { 'owner-type': 'appointment_treatment', 'owner-id': record, 'patient-id': patient });
  await page.getByRole('button', { name: 'Añadir' }).waitFor();
}

const thumb = (page: Page, title: string): ReturnType<Page['getByRole']> => page.getByRole('button', { name: new RegExp(`^${title}, `) });

test('an x-ray put on a visit shows there, and is an x-ray of the patient', async () => {
  const { page, context, faults } = await visit(browser);
  await openStrip(page);
  await page.getByRole('button', { name: 'Añadir' }).click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: 'Radiografía' }).click();
  await (await chooser).setFiles({ name: 'aleta.jpg', mimeType: 'image/jpeg', buffer: pictures[0] ?? Buffer.alloc(0) });
  await thumb(page, 'aleta').waitFor();
  expect(await photosOf(patient)).toMatchObject([{ title: 'aleta', media_kind: 'xray', media_category: 'xray' }]);
  expect(await attached()).toEqual(['aleta']);
  expect(faults).toEqual([]);
  await context.close();
});

test('another file becomes a document, with an icon and its name', async () => {
  const { page, context } = await visit(browser);
  await openStrip(page);
  await page.locator('attachment-thumb-strip input[type=file]').setInputFiles({ name: 'nota.txt', mimeType: 'text/plain', buffer: Buffer.from('hola') });
  await thumb(page, 'nota').waitFor();
  expect(await attached()).toEqual(['nota']);
  await context.close();
});

test('what the service refuses is told under the strip', async () => {
  const { page, context } = await visit(browser);
  await openStrip(page);
  await page.locator('attachment-thumb-strip input[type=file]').setInputFiles({ name: 'falsa.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('nada') });
  await page.getByText('«falsa.jpg» no se ha subido.').waitFor();
  await page.getByRole('button', { name: 'Descartar' }).click();
  await page.getByText('«falsa.jpg» no se ha subido.').waitFor({ state: 'detached' });
  await context.close();
});

test('lifting, moving and dropping by keys stores the order; Esc puts it back', async () => {
  await three();
  const { page, context } = await visit(browser);
  await openStrip(page);
  await thumb(page, 'Uno').focus();
  await page.keyboard.press(' ');
  await page.keyboard.press('ArrowRight');
  await page.getByRole('status').getByText('2 de 3').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press(' ');
  await expect.poll(attached).toEqual(['Dos', 'Tres', 'Uno']);
  await page.keyboard.press(' ');
  await page.keyboard.press('Home');
  await page.keyboard.press('Escape');
  await thumb(page, 'Dos').and(page.getByRole('button', { name: 'Dos, 1 de 3' })).waitFor();
  expect(await attached()).toEqual(['Dos', 'Tres', 'Uno']);
  await context.close();
});

test('dragging stores the order and opens nothing', async () => {
  await three();
  const { page, context } = await visit(browser);
  await openStrip(page);
  const from = await thumb(page, 'Tres').boundingBox();
  const to = await thumb(page, 'Uno').boundingBox();
  await page.mouse.move((from?.x ?? 0) + 30, (from?.y ?? 0) + 30);
  await page.mouse.down();
  await page.mouse.move((to?.x ?? 0) + 30, (to?.y ?? 0) + 30, { steps: 8 });
  await page.mouse.up();
  await expect.poll(attached).toEqual(['Tres', 'Uno', 'Dos']);
  expect(await page.getByRole('dialog').count()).toBe(0);
  await context.close();
});

test('taking one off leaves the photo with the patient, and undo puts it back in its place', async () => {
  await three();
  const { page, context } = await visit(browser);
  await openStrip(page);
  await thumb(page, 'Dos').focus();
  await page.keyboard.press('Delete');
  await expect.poll(attached).toEqual(['Uno', 'Tres']);
  expect(await photosOf(patient)).toHaveLength(3);
  await page.getByRole('button', { name: 'Deshacer' }).click();
  await expect.poll(attached).toEqual(['Uno', 'Dos', 'Tres']);
  await context.close();
});

test('a picture opens the lightbox over all pictures of the strip', async () => {
  await three();
  const { page, context } = await visit(browser);
  await openStrip(page);
  await thumb(page, 'Dos').click();
  await page.getByRole('dialog', { name: 'Dos, 2 de 3' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('dialog', { name: 'Tres, 3 de 3' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await context.close();
});
