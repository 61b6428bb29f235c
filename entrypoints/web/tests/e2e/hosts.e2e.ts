import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { newPatient, upload } from './api.js';
import { launch, visit } from './browser.js';
import { serve, type Hosting } from './hosting.js';
import { drawn } from './pictures.js';
import { freePort, startFor, type Service } from './service.js';

let browser: Browser;
let patient: string;
let folder: string;
let pages: Hosting;
let service: Pick<Service, 'url' | 'stop'>;

beforeAll(async () => {
  browser = await launch();
  patient = await newPatient('Hugo Huésped');
  const [bytes] = await drawn(browser, 1);
  await upload(patient, 'foto.jpg', new Uint8Array(bytes ?? []), { title: 'Foto de huésped' });
  folder = mkdtempSync(join(tmpdir(), 'clinic-media-hosts-'));
  await build({
    configFile: false,
    root: 'tests/hosts',
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      rollupOptions: { input: ['react', 'vue'].map((name) => resolve(`tests/hosts/${name}.html`)) },
    },
  });
  const port = await freePort();
  pages = await serve(`http://127.0.0.1:${port}`, [folder]);
  service = await startFor(pages.url, inject('folder'), port);
});

afterAll(async () => {
  await service.stop();
  await pages.stop();
  rmSync(folder, { recursive: true, force: true });
  await browser.close();
});

test.each(['React', 'Vue'])('a %s page of another origin mounts the gallery with a bearer token', async (name) => {
  const { page, context, faults } = await visit(browser);
  const query = new URLSearchParams({
    'patient-id': patient,
    base: `${service.url}/api/v1`,
    token: inject('tokens')['DENTIST'] ?? '',
  });
  await page.goto(`${pages.url}/${name.toLowerCase()}.html?${query.toString()}`);
  const card = page.getByRole('link', { name: /^Foto de huésped/ });
  await card.waitFor();
  await expect.poll(() => page.evaluate(() => {
    const image = document.querySelector('photo-gallery')?.shadowRoot?.querySelector('photo-card')?.shadowRoot?.querySelector('img');
    return image?.complete && image.naturalWidth > 0;
  })).toBe(true);
  await card.click();
  await page.getByText(`${name}: Foto de huésped`).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});
