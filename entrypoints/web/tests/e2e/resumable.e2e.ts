import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page, Request, Route } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFinished, test } from 'vitest';
import { newPatient, photosOf } from './api.js';
import { openApp } from './app.js';
import { launch, network, visit } from './browser.js';
import { openGallery } from './gallery.js';
import { serve } from './hosting.js';
import { noisy } from './pictures.js';
import { freePort, startFor } from './service.js';

const PIECE = 4 * 2 ** 20;

let browser: Browser;
let folder: string;
/** Some pieces of noise, named after a person as scans are. */
let large: string;
let size: number;
let patient: string;

beforeAll(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), 'clinic-media-large-'));
  const bytes = await noisy(browser, 4400);
  size = bytes.length;
  large = join(folder, 'nora-tac.jpg');
  writeFileSync(large, bytes);
  expect(size).toBeGreaterThan(2.5 * PIECE);
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  patient = await newPatient('Nora Corte');
});

async function send(page: Page, file: string): Promise<void> {
  await page.getByRole('button', { name: 'Subir fotos' }).first().click();
  await page.locator('photo-upload input[multiple]').setInputFiles(file);
  await page.locator('photo-upload .all').getByLabel('Categoría').selectOption('clinical');
  await page.getByRole('button', { name: 'Subir 1 foto' }).click();
}

/** What is asked of `/uploads` from now on. */
function heard(page: Page): Request[] {
  const requests: Request[] = [];
  page.on('request', (request) => void (request.url().includes('/api/v1/uploads') && requests.push(request)));
  return requests;
}

const by = (requests: Request[], method: string): Request[] => requests.filter((request) => request.method() === method);
const offset = async (request: Request | undefined): Promise<number> => Number((await request?.allHeaders())?.['upload-offset']);

/** The first piece goes; resolves when the second is about to, and leaves it to the test. */
function secondPiece(page: Page): Promise<Route> {
  return new Promise((found) => {
    let pieces = 0;
    void page.route('**/api/v1/uploads/*', (route) => {
      if (route.request().method() === 'PATCH') pieces += 1;
      if (pieces !== 2) return route.continue();
      pieces += 1;
      return found(route);
    });
  });
}

/** What the browser remembers of uploads: [key, value]. */
const remembered = (page: Page): Promise<[string, string][]> =>
  page.evaluate(() => Object.entries(localStorage).filter(([key]) => key.startsWith('clinic-media upload'))) as Promise<[string, string][]>;

async function told(page: Page): Promise<{ url: string }> {
  const [[, value] = ['', '{}']] = await remembered(page);
  return JSON.parse(value) as { url: string };
}

const dentist = (): Record<string, string> => ({ Authorization: `Bearer ${inject('tokens')['DENTIST']}` });

test('the service is killed in the middle of a large file: the upload goes on at the byte that it has', async () => {
  const port = await freePort();
  const pages = await serve(`http://127.0.0.1:${port}`, ['tests/hosts', 'dist']);
  onTestFinished(pages.stop);
  const first = await startFor(pages.url, inject('folder'), port);
  onTestFinished(() => first.stop());
  const { page, context, faults } = await visit(browser);
  await openGallery(page, patient, { base: `${first.url}/api/v1` }, pages.url); // of another origin, with a bearer token
  const before = heard(page);
  const second = secondPiece(page);
  await send(page, large);
  const piece = await second;
  await network(page, { upload: PIECE / 20 });
  await piece.continue();
  const progress = page.getByRole('progressbar', { name: 'Subida de nora-tac.jpg' });
  await expect.poll(() => progress.evaluate((bar: HTMLProgressElement) => bar.value)).toBeGreaterThan((PIECE * 1.02) / size);
  await first.stop('SIGKILL');
  await network(page, {});
  const after = heard(page);
  const again = await startFor(pages.url, inject('folder'), port);
  onTestFinished(() => again.stop());
  const { url } = await told(page);
  const stands = await fetch(url, { headers: dentist() }).then((answer) => answer.json() as Promise<{ data: { offset: number } }>);
  expect(stands.data.offset).toBe(PIECE);
  // By itself it tries for some seconds only, and a busy machine takes longer to start a service.
  await page.getByRole('button', { name: 'Reintentar nora-tac.jpg' }).click({ timeout: 5_000 }).catch(() => undefined);
  await page.getByText('1 foto subida.').first().waitFor();
  expect(by(before, 'POST')).toHaveLength(1);
  const offsets = await Promise.all(by(after, 'PATCH').map(offset));
  expect(Math.min(...offsets.filter((at) => !Number.isNaN(at)))).toBe(PIECE);
  expect((await photosOf(patient)).map(({ title, file_size }) => [title, file_size])).toEqual([['nora-tac', size]]);
  expect(await remembered(page)).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
}, 180_000);

test('the page is loaded again in the middle: choosing the same file goes on with it, and with what was said of it', async () => {
  const { page, context } = await openApp(browser, 'u-javier', `/patients/${patient}/gallery`); // by cookie
  page.on('dialog', (dialog) => void dialog.accept());
  const second = secondPiece(page);
  await send(page, large);
  await second;
  await page.reload();
  expect(JSON.stringify(await remembered(page))).not.toMatch(new RegExp(`nora|tac|${patient}`, 'i'));
  await page.getByRole('button', { name: 'Subir fotos' }).first().click();
  const row = page.locator('photo-upload li', { hasText: 'nora-tac.jpg' });
  await row.getByText(`Vuelve a elegir el archivo para continuar en ${Math.round((PIECE / size) * 100)}`).waitFor();
  const other = join(folder, 'otra.jpg');
  writeFileSync(other, 'x');
  await row.locator('input').setInputFiles(other);
  await row.getByText('Ese es otro archivo, o ha cambiado desde entonces.').waitFor();
  const after = heard(page);
  await row.locator('input').setInputFiles(large);
  await page.getByText('1 foto subida.').first().waitFor();
  expect(by(after, 'POST')).toEqual([]);
  expect(await offset(by(after, 'PATCH')[0])).toBe(PIECE);
  const [photo, ...more] = await photosOf(patient);
  expect([photo?.title, photo?.media_category, photo?.file_size, more]).toEqual(['nora-tac', 'clinical', size, []]);
  expect(await remembered(page)).toEqual([]);
  await context.close();
});

test('a large upload that is cancelled leaves nothing, neither here nor there', async () => {
  const { page, context } = await visit(browser);
  await openGallery(page, patient);
  const second = secondPiece(page);
  await send(page, large);
  await second;
  const { url } = await told(page);
  const dropped = page.waitForResponse((answer) => answer.request().method() === 'DELETE' && answer.url() === url && answer.ok());
  await page.getByRole('button', { name: 'Quitar nora-tac.jpg' }).click();
  await dropped;
  expect((await fetch(url, { headers: dentist() })).status).toBe(404);
  expect(await remembered(page)).toEqual([]);
  expect(await photosOf(patient)).toEqual([]);
  await context.close();
});

test('a large upload that waits for another try is dropped when it is taken away', async () => {
  const { page, context } = await visit(browser);
  await openGallery(page, patient);
  let broken = true;
  await page.route('**/api/v1/uploads/*', (route) => (broken && route.request().method() === 'PATCH' ? route.abort('connectionreset') : route.continue()));
  await send(page, large);
  await page.getByText('El servicio no responde. Se reintenta sola.').waitFor();
  broken = false;
  const { url } = await told(page);
  const dropped = page.waitForResponse((answer) => answer.request().method() === 'DELETE' && answer.url() === url && answer.ok());
  await page.getByRole('button', { name: 'Quitar nora-tac.jpg' }).click();
  await dropped;
  expect((await fetch(url, { headers: dentist() })).status).toBe(404);
  await context.close();
});

test('what is wrong with a large file is told at its end as with a small one', async () => {
  const false_ = join(folder, 'falsa.jpg');
  writeFileSync(false_, Buffer.alloc(2 * PIECE + 1, '<html>no soy una foto</html>'));
  utimesSync(false_, 1, 1);
  const { page, context } = await visit(browser);
  await openGallery(page, patient);
  await send(page, false_);
  await page.locator('photo-upload li', { hasText: 'falsa.jpg' }).getByText('Este tipo de archivo no se acepta aquí').waitFor();
  expect(await remembered(page)).toEqual([]);
  expect(await photosOf(patient)).toEqual([]);
  await context.close();
});
