import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newPatient, photosOf, upload } from './api.js';
import { launch, network, PHONE, visit } from './browser.js';
import { openGallery, titles } from './gallery.js';
import { drawn } from './pictures.js';

let browser: Browser;
let pictures: Buffer[];
let patient: string;

beforeAll(async () => {
  browser = await launch();
  pictures = await drawn(browser, 6);
});

afterAll(() => browser.close());

beforeEach(async () => {
  patient = await newPatient('Sofía Subida');
});

const jpeg = (name: string, at: number): { name: string; mimeType: string; buffer: Buffer } => ({
  name,
  mimeType: 'image/jpeg',
  buffer: pictures[at] ?? Buffer.alloc(0),
});

async function openDialog(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Subir fotos' }).first().click();
  await page.getByRole('heading', { name: /^Subir fotos/ }).waitFor();
}

const forAll = (page: Page): ReturnType<Page['locator']> => page.locator('photo-upload .all');

const picker = (page: Page): ReturnType<Page['locator']> => page.locator('photo-upload input[multiple]');

test('several photos go with what is said for all, and one with what is said of it alone', async () => {
  const { page, context, faults } = await visit(browser);
  await openGallery(page, patient, { 'patient-name': 'Sofía Subida' });
  await openDialog(page);
  await picker(page).setInputFiles([jpeg('frontal.jpg', 0), jpeg('sonrisa.jpg', 1), jpeg('pano.jpg', 2)]);
  await page.getByRole('button', { name: 'Subir 3 fotos' }).click();
  await page.getByText('A 3 fotos les falta la categoría.').waitFor();
  await forAll(page).getByLabel('Categoría').selectOption('intraoral');
  await forAll(page).getByLabel('Tipo').selectOption('frontal');
  await page.getByRole('button', { name: 'Cambiar los datos de sonrisa.jpg' }).click();
  const own = page.locator('photo-upload li cm-photo-words');
  await own.getByLabel('Título').fill('Sonrisa de control');
  await own.getByLabel('Categoría').selectOption('extraoral');
  await own.getByLabel('Fecha de captura').fill('2026-02-03T09:30');
  await page.getByRole('button', { name: 'Cambiar los datos de pano.jpg' }).click();
  await own.getByRole('button', { name: 'Radiografía' }).click();
  await page.getByRole('button', { name: 'Subir 3 fotos' }).click();
  await page.getByText('3 fotos subidas.').first().waitFor();
  await page.getByRole('heading', { name: /^Subir fotos/ }).waitFor({ state: 'hidden' });
  expect((await titles(page)).toSorted()).toEqual(['Sonrisa de control', 'frontal', 'pano']);
  const stored = Object.fromEntries((await photosOf(patient)).map((photo) => [photo.title, photo]));
  expect(stored['frontal']).toMatchObject({ media_kind: 'photo', media_category: 'intraoral', media_subtype: 'frontal' });
  expect(stored['Sonrisa de control']).toMatchObject({ media_category: 'extraoral', media_subtype: null, captured_at: '2026-02-03T08:30:00Z' });
  expect(stored['pano']).toMatchObject({ media_kind: 'xray', media_category: 'xray' });
  expect(faults).toEqual([]);
  await context.close();
});

test('what cannot be a photo is told beside the file before it is sent, what the service refuses after', async () => {
  const { page, context } = await visit(browser);
  await openGallery(page, patient);
  await openDialog(page);
  await picker(page).setInputFiles([
    jpeg('buena.jpg', 0),
    { name: 'informe.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') },
    { name: 'falsa.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<html>no soy una foto</html>') },
  ]);
  await page.getByText('No es una foto ni una radiografía que se acepte aquí.').waitFor();
  await forAll(page).getByLabel('Categoría').selectOption('other');
  await page.getByRole('button', { name: 'Subir 2 fotos' }).click();
  const refused = page.locator('photo-upload li', { hasText: 'falsa.jpg' });
  await refused.getByText('Este tipo de archivo no se acepta aquí').waitFor();
  await page.locator('photo-upload li', { hasText: 'buena.jpg' }).getByText('Subida').waitFor();
  expect((await photosOf(patient)).map((photo) => photo.title)).toEqual(['buena']);
  await context.close();
});

test('a photo that is there already says so and leads to the other one', async () => {
  await upload(patient, 'primera.jpg', new Uint8Array(pictures[3] ?? []), { title: 'Primera' });
  const { page, context } = await visit(browser);
  await openGallery(page, patient);
  await openDialog(page);
  await picker(page).setInputFiles([jpeg('copia.jpg', 3)]);
  await forAll(page).getByLabel('Categoría').selectOption('other');
  await page.getByRole('button', { name: 'Subir 1 foto' }).click();
  await page.getByRole('button', { name: 'Ver la otra' }).click();
  await page.getByRole('dialog', { name: /^Primera,/ }).waitFor();
  await context.close();
});

test('closing the dialog does not stop an upload: the tray follows it, and what failed can be tried again at once', async () => {
  const { page, context } = await visit(browser);
  await openGallery(page, patient);
  let release = (): void => undefined;
  const held = new Promise<void>((done) => (release = done));
  let tries = 0;
  await page.route('**/photos', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    tries += 1;
    if (tries > 1) return route.continue();
    await held;
    return route.abort('connectionreset');
  });
  await openDialog(page);
  await picker(page).setInputFiles([jpeg('lenta.jpg', 4)]);
  await forAll(page).getByLabel('Categoría').selectOption('other');
  await page.getByRole('button', { name: 'Subir 1 foto' }).click();
  await page.getByRole('button', { name: 'Seguir en segundo plano' }).click();
  const tray = page.getByRole('region', { name: 'Subidas' });
  await tray.getByText('Subiendo 1 de 1').waitFor();
  await tray.getByRole('button', { name: /Subiendo/ }).click();
  release();
  await tray.getByText('El servicio no responde. Se reintenta sola.').waitFor();
  await tray.getByRole('button', { name: 'Reintentar lenta.jpg' }).click();
  await page.getByText('1 foto subida.').first().waitFor();
  expect((await photosOf(patient)).map((photo) => photo.title)).toEqual(['lenta']);
  await context.close();
});

test('without a connection an upload waits, and goes on by itself when it is back', async () => {
  const { page, context } = await visit(browser);
  await openGallery(page, patient);
  await openDialog(page);
  await picker(page).setInputFiles([jpeg('tren.jpg', 5)]);
  await forAll(page).getByLabel('Categoría').selectOption('other');
  await network(page, { offline: true });
  await page.getByRole('button', { name: 'Subir 1 foto' }).click();
  await page.getByText('Sin conexión: sigue sola cuando vuelva').waitFor();
  await network(page, {});
  await page.getByText('1 foto subida.').first().waitFor();
  expect(await photosOf(patient)).toHaveLength(1);
  await context.close();
});

test('an upload that is cancelled leaves nothing behind', async () => {
  const { page, context } = await visit(browser);
  await openGallery(page, patient);
  await page.route('**/photos', async (route) => {
    if (route.request().method() === 'POST') await new Promise((done) => setTimeout(done, 3_000));
    await route.continue().catch(() => undefined);
  });
  await openDialog(page);
  await picker(page).setInputFiles([jpeg('no.jpg', 0)]);
  await forAll(page).getByLabel('Categoría').selectOption('other');
  await page.getByRole('button', { name: 'Subir 1 foto' }).click();
  await page.getByRole('button', { name: 'Quitar no.jpg' }).click();
  await page.waitForTimeout(3_500);
  expect(await photosOf(patient)).toEqual([]);
  await context.close();
});

test('files dropped anywhere on the page name their target, and pasted ones open the dialog', async () => {
  const { page, context } = await visit(browser);
  await openGallery(page, patient, { 'patient-name': 'Sofía Subida' });
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['x'], 'suelta.jpg', { type: 'image/jpeg' }));
    const fire = (type: string): boolean =>
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    (globalThis as Record<string, unknown>)['dropNow'] = () => fire('drop');
    fire('dragenter');
  });
  await page.getByText('Suelta para subir a la galería de Sofía Subida').waitFor();
  await page.evaluate(() => ((globalThis as Record<string, unknown>)['dropNow'] as () => void)());
  await page.getByText('suelta.jpg').waitFor();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['y'], 'pegada.png', { type: 'image/png' }));
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await page.getByText('pegada.png').waitFor();
  await context.close();
});

test('a phone has the native picker and the camera', async () => {
  const { page, context } = await visit(browser, PHONE);
  await openGallery(page, patient);
  await openDialog(page);
  await page.getByText('Hacer una foto').waitFor();
  expect(await page.locator('input[capture]').getAttribute('capture')).toBe('environment');
  const chooser = page.waitForEvent('filechooser');
  await page.getByText('Elegir fotos').tap();
  expect((await chooser).isMultiple()).toBe(true);
  await context.close();
});
