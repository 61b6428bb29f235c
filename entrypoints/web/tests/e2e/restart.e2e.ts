import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { newPatient, photosOf } from './api.js';
import { launch, network, visit } from './browser.js';
import { openGallery } from './gallery.js';
import { serve } from './hosting.js';
import { noisy } from './pictures.js';
import { freePort, startFor } from './service.js';

let browser: Browser;
let large: Buffer;

beforeAll(async () => {
  browser = await launch();
  large = await noisy(browser);
});

afterAll(() => browser.close());

const forAll = 'photo-upload .all';

test('the service is killed in mid-upload and started again: the upload goes on, and the photo is there once', async () => {
  const patient = await newPatient('Nora Corte');
  const port = await freePort();
  const pages = await serve(`http://127.0.0.1:${port}`, ['tests/hosts', 'dist']);
  onTestFinished(pages.stop);
  const first = await startFor(pages.url, inject('folder'), port);
  onTestFinished(() => first.stop());
  const { page, context } = await visit(browser);
  await openGallery(page, patient, { base: `${first.url}/api/v1` }, pages.url);
  await page.getByRole('button', { name: 'Subir fotos' }).first().click();
  await page.locator('photo-upload input[multiple]').setInputFiles([{ name: 'grande.jpg', mimeType: 'image/jpeg', buffer: large }]);
  await page.locator(forAll).getByLabel('Categoría').selectOption('other');
  await network(page, { upload: large.length / 6 });
  await page.getByRole('button', { name: 'Subir 1 foto' }).click();
  const progress = page.getByRole('progressbar', { name: 'Subida de grande.jpg' });
  await expect.poll(() => progress.evaluate((bar: HTMLProgressElement) => bar.value)).toBeGreaterThan(0.1);
  await first.stop('SIGKILL');
  await page.getByText('Se reintenta sola.').waitFor();
  const second = await startFor(pages.url, inject('folder'), port);
  onTestFinished(() => second.stop());
  await network(page, {});
  const again = page.getByRole('button', { name: 'Reintentar grande.jpg' });
  if (await again.isVisible()) await again.click();
  await page.getByText('1 foto subida.').first().waitFor();
  expect((await photosOf(patient)).map((photo) => photo.title)).toEqual(['grande']);
  await context.close();
}, 180_000);

test('an answer that is lost after the photo was stored makes nothing twice', async () => {
  const patient = await newPatient('Nora Eco');
  const { page, context } = await visit(browser);
  await openGallery(page, patient);
  let lost = 0;
  await page.route('**/photos', async (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    return route.abort('connectionreset');
  });
  await page.getByRole('button', { name: 'Subir fotos' }).first().click();
  await page.locator('photo-upload input[multiple]').setInputFiles([{ name: 'eco.jpg', mimeType: 'image/jpeg', buffer: large }]);
  await page.locator(forAll).getByLabel('Categoría').selectOption('other');
  await page.getByRole('button', { name: 'Subir 1 foto' }).click();
  await page.getByText('1 foto subida.').first().waitFor();
  expect(lost).toBe(1);
  expect(await photosOf(patient)).toHaveLength(1);
  await context.close();
});
