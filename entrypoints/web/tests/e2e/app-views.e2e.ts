import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openApp, settled } from './app.js';
import { violations } from './axe.js';
import { launch, shot, SIZES, visit } from './browser.js';

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});

afterAll(() => browser.close());

const open = (name: string) => async (page: Page): Promise<void> => {
  await page.getByRole('link', { name }).first().click();
  await page.getByRole('dialog', { name }).waitFor();
};

/** Each view, its address, and what is done there before it is looked at. */
const VIEWS: [string, string, ((page: Page) => Promise<void>)?][] = [
  ['patients', '/patients'],
  ['nobody', '/patients?q=zzz'],
  ['notes', '/patients/p-101/admin', (page) => page.locator('note-composer').getByLabel('Nota').fill('Trae los retenedores.')],
  ['documents', '/patients/p-101/admin/documents'],
  ['timeline', '/patients/p-101/timeline'],
  ['gallery', '/patients/p-101/gallery'],
  ['plan', '/patients/p-101/plan', (page) => page.getByRole('button', { name: '1 nota' }).first().click()],
  ['agenda', '/agenda'],
  ['visit', '/agenda', open('Obturaciones')],
  ['insurance', '/insurance'],
  ['record', '/procedures', open('Colocación de implante 14')],
  ['new-record', '/results/new'],
  ['trash', '/trash'],
  ['audit', '/audit'],
  ['nowhere', '/nowhere'],
];

async function arrive(page: Page, [, path, act]: (typeof VIEWS)[number]): Promise<void> {
  await page.goto(path);
  await settled(page);
  await act?.(page);
  await settled(page);
}

test('every view fits a screen, a tablet and a phone, and has no violation', async () => {
  const { page, context, faults } = await openApp(browser, 'u-elena', '/', { bypassCSP: true, colorScheme: 'light', hasTouch: true });
  const found: string[] = [];
  for (const view of VIEWS) {
    await page.setViewportSize({ width: SIZES.desktop, height: 900 });
    await arrive(page, view);
    for (const width of [SIZES.desktop, SIZES.tablet, SIZES.phone]) {
      await page.setViewportSize({ width, height: width === SIZES.phone ? 740 : 900 });
      await page.waitForTimeout(150);
      await shot(page, `app-${view[0]}-${width}`);
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      if (needed > width) found.push(`${view[0]} needs ${needed} of ${width}`);
    }
    found.push(...(await violations(page)).map((one) => `${view[0]}: ${one}`));
  }
  expect(found).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
}, 240_000);

test('no view has a violation in the dark', async () => {
  const { page, context } = await openApp(browser, 'u-elena', '/', { bypassCSP: true, colorScheme: 'dark' });
  const found: string[] = [];
  for (const view of VIEWS) {
    await arrive(page, view);
    await shot(page, `app-${view[0]}-${SIZES.desktop}-dark`);
    found.push(...(await violations(page)).map((one) => `${view[0]}: ${one}`));
  }
  expect(found).toEqual([]);
  await context.close();
}, 240_000);

test('signing in has no violation, and fits a phone; so does the menu', async () => {
  const { page, context } = await visit(browser, {
    baseURL: inject('serviceUrl'),
    bypassCSP: true,
    viewport: { width: SIZES.phone, height: 740 },
    hasTouch: true,
  });
  await page.goto('/');
  await settled(page);
  await shot(page, `app-sign-in-${SIZES.phone}`);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: /Javier Molina Cano/ }).tap();
  await page.getByRole('button', { name: 'Menú' }).tap();
  await page.getByRole('dialog', { name: 'Menú' }).waitFor();
  await shot(page, `app-menu-${SIZES.phone}`);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Agenda' }).last().tap();
  await page.getByRole('heading', { name: 'Agenda' }).waitFor();
  await context.close();
});
