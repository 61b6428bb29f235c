import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, newPatient, upload } from './api.js';
import { violations } from './axe.js';
import { launch, shot, SIZES, visit } from './browser.js';
import { mount, openGallery } from './gallery.js';
import { drawn } from './pictures.js';

let browser: Browser;
let patient: string;
let first: string;

beforeAll(async () => {
  browser = await launch();
  patient = await newPatient('Ana Acceso');
  const pictures = await drawn(browser, 4);
  const ids: string[] = [];
  for (const [at, bytes] of pictures.entries()) {
    const captured_at = `2026-03-${String(20 - at)}T10:00:00Z`;
    ids.push((await upload(patient, `foto${at + 1}.jpg`, new Uint8Array(bytes), { captured_at, title: `Foto ${at + 1}`, tags: 'orto' })).id);
  }
  first = ids[0] ?? '';
  await ask(`media/documents/${first}/pair/${ids[1]}`, { method: 'POST' });
});

afterAll(() => browser.close());

/** Each state of the elements, how to get there, and the name of its picture. */
const STATES: [string, (page: Page) => Promise<void>][] = [
  ['gallery', (page) => openGallery(page, patient).then(() => page.waitForLoadState('networkidle'))],
  ['empty', (page) => openGallery(page, first).then(() => undefined)],
  [
    'filters and selection',
    async (page) => {
      await openGallery(page, patient);
      await page.getByRole('button', { name: 'Filtros' }).click();
      await page.getByRole('button', { name: /^Intraoral/ }).click();
      await page.getByRole('link', { name: /^Foto 1/ }).press(' ');
    },
  ],
  [
    'tagging',
    async (page) => {
      await openGallery(page, patient);
      await page.getByRole('link', { name: /^Foto 1/ }).press(' ');
      await page.getByRole('button', { name: 'Etiquetar' }).click();
      await page.getByRole('heading', { name: 'Etiquetar 1 foto' }).waitFor();
    },
  ],
  [
    'lightbox',
    async (page) => {
      await openGallery(page, patient);
      await page.getByRole('link', { name: /^Foto 1/ }).click();
      await page.locator('img.pswp__img').first().waitFor();
      await page.waitForLoadState('networkidle');
    },
  ],
  [
    'editing',
    async (page) => {
      await openGallery(page, patient);
      await page.getByRole('link', { name: /^Foto 2/ }).click();
      await page.locator('img.pswp__img').first().waitFor();
      await page.keyboard.press('e');
      await page.getByLabel('Título').waitFor();
    },
  ],
  [
    'comparison',
    async (page) => {
      await openGallery(page, patient);
      await page.getByRole('link', { name: /^Foto 1/ }).click();
      await page.locator('img.pswp__img').first().waitFor();
      await page.keyboard.press('c');
      await page.getByRole('slider').waitFor();
      await page.waitForLoadState('networkidle');
    },
  ],
  [
    'pairing',
    async (page) => {
      await openGallery(page, patient);
      await page.getByRole('link', { name: /^Foto 3/ }).click();
      await page.locator('img.pswp__img').first().waitFor();
      await page.keyboard.press('p');
      await page.getByRole('radio', { name: /^Foto 4/ }).check({ force: true });
    },
  ],
  [
    'uploading',
    async (page) => {
      await openGallery(page, patient);
      await page.getByRole('button', { name: 'Subir fotos' }).click();
      await page.locator('photo-upload input[multiple]').setInputFiles([
        { name: 'frontal.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('x') },
        { name: 'informe.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') },
      ]);
      await page.getByRole('button', { name: 'Cambiar los datos de frontal.jpg' }).click();
      await page.getByRole('button', { name: 'Subir 1 foto' }).click();
      await page.getByText('A 1 foto le falta la categoría.').waitFor();
    },
  ],
  [
    'strip',
    async (page) => {
      await mount(page, 'attachment-thumb-strip', { 'owner-type': 'patient', 'owner-id': patient, 'patient-id': patient });
      await page.getByRole('button', { name: 'Añadir' }).click();
      await page.getByRole('menuitem').first().waitFor();
    },
  ],
];

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each(STATES)('%s has no violation', async (name, go) => {
    const { page, context } = await visit(browser, { bypassCSP: true, colorScheme });
    await go(page);
    await shot(page, `${name.replaceAll(' ', '-')}-1440-${colorScheme}`);
    expect(await violations(page)).toEqual([]);
    await context.close();
  });
});

test.each(STATES)('%s fits a tablet and a phone of 375 and 320 pixels', async (name, go) => {
  const { page, context } = await visit(browser, { bypassCSP: true, viewport: { width: SIZES.tablet, height: 1000 }, hasTouch: true });
  await go(page);
  await shot(page, `${name.replaceAll(' ', '-')}-768`);
  for (const width of [SIZES.phone, 320]) {
    await page.setViewportSize({ width, height: 740 });
    await page.waitForTimeout(150);
    await shot(page, `${name.replaceAll(' ', '-')}-${width}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
  expect(await violations(page)).toEqual([]);
  await context.close();
});
