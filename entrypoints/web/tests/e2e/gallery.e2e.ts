import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newPatient, photosOf, upload } from './api.js';
import { launch, PHONE, SIZES, visit } from './browser.js';
import { openGallery, titles } from './gallery.js';
import { drawn } from './pictures.js';

let browser: Browser;
let patient: string;

const CLASSES = [
  { media_category: 'intraoral', media_subtype: 'frontal' },
  { media_category: 'extraoral', media_subtype: 'smile' },
  { media_kind: 'xray', media_category: 'xray', media_subtype: 'panoramic' },
];

beforeAll(async () => {
  browser = await launch();
  patient = await newPatient('Rosa Galería');
  const pictures = await drawn(browser, 9);
  for (const [at, bytes] of pictures.entries()) {
    const captured_at = `2026-03-${String(at + 10)}T10:00:00Z`;
    await upload(patient, `foto ${at + 1}.jpg`, new Uint8Array(bytes), { ...CLASSES[at % 3], captured_at, title: `Foto ${at + 1}` });
  }
});

afterAll(() => browser.close());

test.each(Object.entries({ phone: 2, tablet: 3, desktop: 6 }))('a %s shows %i columns of squares', async (size, columns) => {
  const { page, context } = await visit(browser, { viewport: { width: SIZES[size as keyof typeof SIZES], height: 900 } });
  const { cards } = await openGallery(page, patient);
  const boxes = await Promise.all((await cards.all()).map((card) => card.boundingBox()));
  expect(boxes.filter((box) => box?.y === boxes[0]?.y)).toHaveLength(columns);
  expect(boxes.every((box) => box && Math.abs(box.width - box.height) < 0.6)).toBe(true);
  await context.close();
});

test('nothing moves while the thumbs load, and nothing breaks a strict policy', async () => {
  const { page, context, faults } = await visit(browser);
  await page.addInitScript(() => {
    const shifts: number[] = ((globalThis as Record<string, unknown>)['shifts'] = []) as number[];
    new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => (entry as unknown as { value: number }).value))).observe({
      type: 'layout-shift',
      buffered: true,
    });
  });
  await openGallery(page, patient);
  await page.waitForLoadState('networkidle');
  const shift = await page.evaluate(() => ((globalThis as Record<string, unknown>)['shifts'] as number[]).reduce((sum, one) => sum + one, 0));
  expect(shift).toBeLessThan(0.02);
  expect(faults).toEqual([]);
  await context.close();
});

test('the rail counts, narrows, and offers the subtypes of the chosen category', async () => {
  const { page, context } = await visit(browser);
  await openGallery(page, patient);
  const rail = page.getByRole('group', { name: 'Categoría' });
  expect(await rail.getByRole('button').allInnerTexts()).toEqual(
    ['Todas\n9', 'Intraoral\n3', 'Extraoral\n3', 'Radiografías\n3', 'Antes/Después\n0', 'Otras\n0'],
  );
  await rail.getByRole('button', { name: /^Radiografías/ }).click();
  await page.locator('photo-card').nth(2).waitFor();
  await expect.poll(() => titles(page)).toEqual(['Foto 9', 'Foto 6', 'Foto 3']);
  await page.getByRole('button', { name: 'Periapical' }).click();
  await page.getByText('Ninguna foto con estos filtros').waitFor();
  await page.getByRole('button', { name: 'Ver todas las fotos' }).click();
  await expect.poll(() => titles(page)).toHaveLength(9);
  await context.close();
});

test('dates and search narrow the list', async () => {
  const { page, context } = await visit(browser);
  await openGallery(page, patient);
  await page.getByRole('button', { name: 'Filtros' }).click();
  await page.getByLabel('Desde', { exact: true }).fill('2026-03-16');
  await page.getByLabel('Desde', { exact: true }).press('Tab');
  await expect.poll(() => titles(page)).toEqual(['Foto 9', 'Foto 8', 'Foto 7']);
  await page.getByRole('searchbox').fill('foto 8');
  await expect.poll(() => titles(page)).toEqual(['Foto 8']);
  await context.close();
});

test('by keyboard alone: one tab stop, arrows, a range, the trash and its undo', async () => {
  const { page, context } = await visit(browser);
  await openGallery(page, patient);
  await page.getByRole('link', { name: /^Foto 9/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await page.getByText('3 seleccionadas').first().waitFor();
  await page.keyboard.press('Delete');
  await page.getByText('3 fotos movidas a la papelera.').first().waitFor();
  await expect.poll(() => titles(page)).toEqual(['Foto 9', 'Foto 5', 'Foto 4', 'Foto 3', 'Foto 2', 'Foto 1']);
  await expect.poll(async () => (await photosOf(patient)).length).toBe(6);
  await expect.poll(() => page.evaluate(() => document.querySelector('photo-gallery')?.shadowRoot?.activeElement?.getAttribute('aria-posinset'))).toBe('2');
  await page.keyboard.press('Control+z');
  await expect.poll(() => titles(page)).toHaveLength(9);
  await expect.poll(async () => (await photosOf(patient)).length).toBe(9);
  await context.close();
});

test('what the service refuses comes back in its place, with the reason', async () => {
  const { page, context } = await visit(browser);
  const { card } = await openGallery(page, patient);
  const before = await titles(page);
  await page.route('**/media/documents/*', (route) =>
    route.request().method() === 'DELETE'
      ? route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ code: 'forbidden', detail: 'no' }) })
      : route.continue(),
  );
  await card('Foto 5').focus();
  await page.keyboard.press('Delete');
  await page.getByText('«Foto 5» sigue en la galería. No tienes permiso para esto.').first().waitFor();
  expect(await titles(page)).toEqual(before);
  await context.close();
});

test('Ctrl+A takes what is loaded, tags go to all of them and come off again by undo', async () => {
  const { page, context } = await visit(browser);
  const { card } = await openGallery(page, patient);
  await card('Foto 9').focus();
  await page.keyboard.press('Control+a');
  await page.getByText('9 seleccionadas').first().waitFor();
  await page.getByRole('button', { name: 'Etiquetar' }).click();
  await page.getByLabel('Añadir etiquetas').fill('control');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Guardar' }).click();
  await page.getByText('9 fotos cambiadas.').first().waitFor();
  expect((await photosOf(patient)).every((photo) => photo.tags.includes('control'))).toBe(true);
  await page.getByRole('button', { name: 'Deshacer' }).click();
  await expect.poll(async () => (await photosOf(patient)).some((photo) => photo.tags.length > 0)).toBe(false);
  await context.close();
});

test('a click with Shift takes only what is shown between, and a zip holds what is chosen', async () => {
  const { page, context } = await visit(browser);
  const { card, check } = await openGallery(page, patient);
  await check('Foto 6').click({ force: true });
  await card('Foto 8').click({ modifiers: ['Shift'] });
  await page.getByText('3 seleccionadas').first().waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Descargar ZIP' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.zip$/);
  await context.close();
});

test('a long press on a phone selects, and nothing moves when it does', async () => {
  const { page, context } = await visit(browser, PHONE);
  const { card } = await openGallery(page, patient);
  const before = await card('Foto 7').boundingBox();
  const at = { x: (before?.x ?? 0) + 40, y: (before?.y ?? 0) + 40 };
  const finger = await context.newCDPSession(page);
  await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
  await page.waitForTimeout(450);
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await page.getByText('1 seleccionada').first().waitFor();
  expect(await card('Foto 7').boundingBox()).toEqual(before);
  await card('Foto 6').tap();
  await page.getByText('2 seleccionadas').first().waitFor();
  await context.close();
});

test('the gallery speaks English when the page does', async () => {
  const { page, context } = await visit(browser, { locale: 'en-GB' });
  await openGallery(page, patient, { lang: 'en' });
  await page.getByRole('button', { name: 'Upload photos' }).waitFor();
  await page.getByRole('button', { name: /^X-rays/ }).waitFor();
  await context.close();
});

test('an account that has no such patient sees what happened and a way on', async () => {
  const { page, context } = await visit(browser);
  await openGallery(page, 'nobody-by-this-name');
  await page.getByText('Ya no existe, o no está a tu alcance.').waitFor();
  await page.getByRole('button', { name: 'Reintentar' }).waitFor();
  await context.close();
});
