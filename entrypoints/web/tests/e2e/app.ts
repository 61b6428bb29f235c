import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { inject } from 'vitest';
import { visit, type Visit } from './browser.js';

/** The clinic app, as one of the demo's people: u-elena administers, u-javier is a dentist, u-teresa looks after three children. */
export async function openApp(browser: Browser, person: string, path = '/', options: BrowserContextOptions = {}): Promise<Visit> {
  const opened = await visit(browser, { baseURL: inject('serviceUrl'), ...options });
  const { status } = await opened.context.request
    .post('/api/v1/session', { data: { person } })
    .then((answer) => ({ status: answer.status() }));
  if (status !== 201) throw new Error(`Nobody can sign in as ${person}: ${status}`);
  await opened.page.goto(path);
  await opened.page.locator('main').waitFor();
  return opened;
}

/** Everything asked for has come and is drawn. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(200);
}
