import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ask, newPatient, photosOf, upload } from './api.js';
import { launch, PHONE, visit } from './browser.js';
import { openGallery, titles } from './gallery.js';
import { drawn } from './pictures.js';
import type { MediaDocument } from '../../src/api/types.js';

let browser: Browser;
let pictures: Buffer[];
let patient: string;

beforeAll(async () => {
  browser = await launch();
  pictures = await drawn(browser, 4, { width: 1800, height: 1200 });
});

afterAll(() => browser.close());

/** Foto 1 is the newest. */
beforeEach(async () => {
  patient = await newPatient('Luis Visor');
  for (const [at, bytes] of pictures.entries()) {
    const captured_at = `2026-03-${String(20 - at)}T10:00:00Z`;
    await upload(patient, `foto${at + 1}.jpg`, new Uint8Array(bytes), { captured_at, title: `Foto ${at + 1}`, tags: 'orto' });
  }
});

const dialog = (page: Page, title: string): ReturnType<Page['getByRole']> => page.getByRole('dialog', { name: new RegExp(`^${title},`) });

test('arrows, Home and End go through the photos, Esc returns the focus to the last one', async () => {
  const { page, context, faults } = await visit(browser);
  const { card } = await openGallery(page, patient);
  await card('Foto 2').click();
  await dialog(page, 'Foto 2').waitFor();
  await page.locator('img.pswp__img[src*="variant=medium"]').first().waitFor();
  for (const [key, shown] of [
    ['ArrowRight', 'Foto 3'],
    ['End', 'Foto 4'],
    ['Home', 'Foto 1'],
    ['ArrowLeft', 'Foto 1'],
    ['ArrowRight', 'Foto 2'],
    ['ArrowRight', 'Foto 3'],
  ] as const) {
    await page.keyboard.press(key);
    await dialog(page, shown).waitFor();
  }
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => page.evaluate(() => document.querySelector('photo-gallery')?.shadowRoot?.activeElement?.getAttribute('aria-posinset'))).toBe('3');
  expect(faults).toEqual([]);
  await context.close();
});

test('keys work while the stage is still being loaded', async () => {
  const { page, context } = await visit(browser);
  let release = (): void => undefined;
  const held = new Promise<void>((done) => (release = done));
  await page.route('**/photoswipe*.js', async (route) => {
    await held;
    await route.continue();
  });
  const { card } = await openGallery(page, patient);
  await card('Foto 1').click();
  await dialog(page, 'Foto 1').waitFor();
  await page.keyboard.press('End');
  await dialog(page, 'Foto 4').waitFor();
  await page.keyboard.press('ArrowLeft');
  await dialog(page, 'Foto 3').waitFor();
  release();
  await page.getByRole('img', { name: 'Foto 3' }).and(page.locator('.pswp__img')).first().waitFor();
  expect(await page.getByRole('heading', { name: 'Foto 3' }).count()).toBe(1);
  await page.keyboard.press('ArrowRight');
  await dialog(page, 'Foto 4').waitFor();
  await context.close();
});

test('the open photo stands in the address, the address opens it, and Back closes it', async () => {
  const { page, context } = await visit(browser);
  const { card } = await openGallery(page, patient);
  const before = page.url();
  await card('Foto 3').click();
  await dialog(page, 'Foto 3').waitFor();
  const address = page.url();
  expect(address).toContain('photo=');
  await page.goBack();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(page.url()).toBe(before);
  await page.goto(address);
  await dialog(page, 'Foto 3').waitFor();
  await context.close();
});

test('the footer tells kind, category, date and tags; editing changes them in place', async () => {
  const { page, context } = await visit(browser);
  const { card } = await openGallery(page, patient);
  await card('Foto 1').click();
  await page.getByText('Foto · Intraoral · 20 mar 2026').waitFor();
  await page.keyboard.press('e');
  await page.getByLabel('Título').fill('Control de marzo');
  await page.getByLabel('Tipo').selectOption('frontal');
  await page.getByRole('combobox', { name: 'Etiquetas' }).fill('control');
  await page.getByRole('button', { name: 'Guardar' }).click();
  await page.getByText('Foto · Intraoral · Frontal · 20 mar 2026').waitFor();
  const [photo] = await photosOf(patient);
  expect(photo).toMatchObject({ title: 'Control de marzo', media_subtype: 'frontal', tags: ['orto', 'control'] });
  await page.keyboard.press('Escape');
  await expect.poll(() => titles(page)).toContain('Control de marzo');
  await context.close();
});

test('a change on top of someone else’s is refused once, then made on theirs', async () => {
  const { page, context } = await visit(browser);
  const { card } = await openGallery(page, patient);
  await card('Foto 1').click();
  await dialog(page, 'Foto 1').waitFor();
  await page.keyboard.press('e');
  const [photo] = await photosOf(patient);
  await ask(`media/documents/${photo?.id}/photo-metadata`, { method: 'PATCH', body: JSON.stringify({ tags: ['ajena'] }) });
  await page.getByLabel('Tipo').selectOption('palatal');
  await page.getByRole('button', { name: 'Guardar' }).click();
  await page.getByText('Alguien lo ha cambiado entretanto.').waitFor();
  await page.getByRole('button', { name: 'Guardar' }).click();
  await page.getByText('Foto · Intraoral · Palatal · 20 mar 2026').waitFor();
  expect((await photosOf(patient))[0]).toMatchObject({ media_subtype: 'palatal' });
  await context.close();
});

test('Esc leaves the edit first, keys write in its fields, and 0 shows the whole picture again', async () => {
  const { page, context } = await visit(browser);
  const { card } = await openGallery(page, patient);
  await card('Foto 2').click();
  await dialog(page, 'Foto 2').waitFor();
  await page.keyboard.press('e');
  await page.getByLabel('Título').press('End');
  await page.getByLabel('Título').press('ArrowLeft');
  await page.getByLabel('Título').pressSequentially('dz');
  expect(await page.getByLabel('Título').inputValue()).toBe('Foto dz2');
  await page.keyboard.press('Escape');
  await page.getByLabel('Título').waitFor({ state: 'detached' });
  await dialog(page, 'Foto 2').waitFor();
  const width = (): Promise<number> => page.evaluate(() => document.querySelector('.pswp__item[aria-hidden=false] .pswp__img:last-of-type')?.getBoundingClientRect().width ?? 0);
  const whole = await width();
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await expect.poll(width).toBeGreaterThan(whole * 1.8);
  await expect.poll(() => page.locator('.pswp__item[aria-hidden=false] .pswp__img').last().getAttribute('src')).toContain('variant=full');
  await page.keyboard.press('0');
  await expect.poll(width).toBeCloseTo(whole, 0);
  await context.close();
});

test('pairing two photos, swapping them, comparing them, and separating them again', async () => {
  const { page, context, faults } = await visit(browser);
  const { card } = await openGallery(page, patient);
  await card('Foto 1').click();
  await dialog(page, 'Foto 1').waitFor();
  await page.keyboard.press('p');
  await page.getByRole('radio', { name: /^Foto 4/ }).check({ force: true });
  await page.getByRole('button', { name: 'Emparejar', exact: true }).click();
  await page.getByRole('heading', { name: /^Pareja de/ }).waitFor({ state: 'hidden' });
  await page.keyboard.press('c');
  const slider = page.getByRole('slider', { name: 'Límite entre antes y después' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => slider.getAttribute('aria-valuetext')).toBe('51 % antes');
  expect(await page.getByRole('img', { name: 'Antes: Foto 4' }).count()).toBe(1);
  await page.keyboard.press('s');
  await slider.waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Separar la pareja' }).click();
  await page.getByText('Las dos fotos ya no son pareja.').first().waitFor();
  expect((await photosOf(patient)).every((photo: MediaDocument) => photo.paired_document_id === null)).toBe(true);
  await page.getByRole('button', { name: 'Deshacer' }).click();
  await expect.poll(async () => (await photosOf(patient)).filter((photo) => photo.paired_document_id).length).toBe(2);
  expect(faults).toEqual([]);
  await context.close();
});

test('the trash takes the photo away, shows the next one, and undo brings it back', async () => {
  const { page, context } = await visit(browser);
  const { card } = await openGallery(page, patient);
  await card('Foto 4').click();
  await dialog(page, 'Foto 4').waitFor();
  await page.keyboard.press('Delete');
  await dialog(page, 'Foto 3').waitFor();
  await expect.poll(async () => (await photosOf(patient)).length).toBe(3);
  await page.getByRole('button', { name: 'Deshacer' }).click();
  await expect.poll(async () => (await photosOf(patient)).length).toBe(4);
  await context.close();
});

async function swipe(finger: CDPSession, from: { x: number; y: number }, dx: number, dy: number): Promise<void> {
  const touch = (type: string, points: { x: number; y: number }[]): Promise<unknown> =>
    finger.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: points });
  await touch('touchStart', [from]);
  for (let step = 1; step <= 6; step += 1) await touch('touchMove', [{ x: from.x + (dx * step) / 6, y: from.y + (dy * step) / 6 }]);
  await touch('touchEnd', []);
}

test('on a phone a swipe goes on and back, and a swipe down closes', async () => {
  const { page, context } = await visit(browser, PHONE);
  const { card } = await openGallery(page, patient);
  await card('Foto 1').tap();
  await dialog(page, 'Foto 1').waitFor();
  await page.locator('.pswp__img').first().waitFor();
  const finger = await context.newCDPSession(page);
  await page.waitForTimeout(400);
  await swipe(finger, { x: 300, y: 350 }, -240, 0);
  await dialog(page, 'Foto 2').waitFor();
  await page.waitForTimeout(500);
  await swipe(finger, { x: 60, y: 350 }, 240, 0);
  await dialog(page, 'Foto 1').waitFor();
  await page.waitForTimeout(500);
  await swipe(finger, { x: 180, y: 300 }, 0, 320);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await context.close();
});

test('an answer that comes late is never shown over a newer photo', async () => {
  const { page, context } = await visit(browser);
  const { card } = await openGallery(page, patient);
  let release = (): void => undefined;
  const held = new Promise<void>((done) => (release = done));
  const photos = await photosOf(patient);
  await page.route(`**/documents/${photos[0]?.id}/photo-metadata`, async (route) => {
    await held;
    await route.continue();
  });
  await card('Foto 1').click();
  await dialog(page, 'Foto 1').waitFor();
  await page.keyboard.press('e');
  await page.getByLabel('Tipo').selectOption('lingual');
  await page.getByRole('button', { name: 'Guardar' }).click();
  await page.getByRole('button', { name: 'Siguiente' }).click();
  await dialog(page, 'Foto 2').waitFor();
  release();
  await expect.poll(async () => (await photosOf(patient))[0]?.media_subtype).toBe('lingual');
  await page.waitForTimeout(300);
  expect(await page.getByLabel('Título').inputValue()).toBe('Foto 2');
  expect(await page.getByLabel('Tipo').inputValue()).toBe('');
  await context.close();
});
