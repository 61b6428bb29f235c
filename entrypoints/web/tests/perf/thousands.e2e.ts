import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newPatient, upload } from '../e2e/api.js';
import { launch, visit } from '../e2e/browser.js';
import { mount } from '../e2e/gallery.js';
import { drawn } from '../e2e/pictures.js';
import type { MediaDocument, Page as ListPage } from '../../src/api/types.js';

const PHOTOS = 5_000;
let browser: Browser;
let patient: string;
let models: MediaDocument[];

beforeAll(async () => {
  browser = await launch();
  patient = await newPatient('Mil Fotos');
  const pictures = await drawn(browser, 12);
  models = [];
  for (const [at, bytes] of pictures.entries()) models.push(await upload(patient, `m${at}.jpg`, new Uint8Array(bytes), { title: `m${at}` }));
});

afterAll(() => browser.close());

/** Lists are made up here from a few real photos, so that what is measured is the browser, with real thumbs. */
async function manyPhotos(page: Page): Promise<void> {
  await page.route('**/photos?*', async (route) => {
    const query = new URL(route.request().url()).searchParams;
    const size = Number(query.get('page_size') ?? 40);
    const from = Number(query.get('cursor') ?? 0);
    const to = Math.min(from + size, PHOTOS);
    const data = Array.from({ length: to - from }, (_, at) => {
      const model = models[(from + at) % models.length] as MediaDocument;
      const id = `00000000-0000-7000-8000-${String(from + at).padStart(12, '0')}`;
      return { ...model, id, title: `Foto ${from + at + 1}` };
    });
    const list: ListPage<MediaDocument> = {
      data,
      total: PHOTOS,
      page: null,
      page_size: size,
      next_cursor: to < PHOTOS ? String(to) : null,
      message: null,
    };
    await route.fulfill({ json: list });
  });
}

test('5,000 photos of one patient scroll without a task of more than 100 ms', async () => {
  const { page, context } = await visit(browser, { reducedMotion: 'no-preference' });
  await manyPhotos(page);
  await mount(page, 'photo-gallery', { 'patient-id': patient });
  await page.locator('photo-card').first().waitFor();
  // Everything is loaded first: what is measured is moving about, not fetching.
  await page.evaluate(async () => {
    const gallery = document.querySelector('photo-gallery') as unknown as { list: { all: () => Promise<void> } };
    await gallery.list.all();
  });
  const measured = await page.evaluate(async () => {
    const long: number[] = [];
    new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => Math.round(entry.duration)))).observe({ entryTypes: ['longtask'] });
    const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done));
    const height = document.documentElement.scrollHeight - innerHeight;
    const frames: number[] = [];
    let last = await frame();
    for (let step = 1; step <= 300; step += 1) {
      window.scrollTo(0, (height * step) / 300);
      const now = await frame();
      frames.push(now - last);
      last = now;
    }
    await new Promise((done) => setTimeout(done, 300));
    const cards = document.querySelector('photo-gallery')?.shadowRoot?.querySelectorAll('photo-card').length ?? 0;
    return { long, cards, height, slowest: Math.round(Math.max(...frames)) };
  });
  console.log(`5,000 photos, ${measured.height} px: long tasks ${JSON.stringify(measured.long)} ms, slowest frame ${measured.slowest} ms, ${measured.cards} cards drawn`);
  expect(measured.height).toBeGreaterThan(100_000);
  expect(measured.long.filter((duration) => duration > 100)).toEqual([]);
  expect(measured.cards).toBeLessThan(600);
  await context.close();
});

test('the focus survives a long way down and back', async () => {
  const { page, context } = await visit(browser);
  await manyPhotos(page);
  await mount(page, 'photo-gallery', { 'patient-id': patient });
  await page.getByRole('link', { name: /^Foto 3,/ }).focus();
  for (let step = 0; step < 12; step += 1) {
    await page.mouse.wheel(0, 4_000);
    await page.waitForTimeout(60);
  }
  const place = (): Promise<string | null | undefined> =>
    page.evaluate(() => document.querySelector('photo-gallery')?.shadowRoot?.activeElement?.getAttribute('aria-posinset'));
  expect(await place()).toBe('3');
  await page.keyboard.press('ArrowRight');
  await expect.poll(place).toBe('4');
  await context.close();
});
