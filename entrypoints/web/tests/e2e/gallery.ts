import type { Locator, Page } from 'playwright-core';
import { inject } from 'vitest';

/** Open a page of tests/hosts that mounts an element. */
export async function mount(page: Page, element: string, attributes: Record<string, string> = {}, host = inject('hostUrl')): Promise<void> {
  const query = new URLSearchParams({ element, token: inject('tokens')['DENTIST'] ?? '', ...attributes });
  await page.goto(`${host}/plain.html?${query.toString()}`);
}

export interface Gallery {
  page: Page;
  cards: Locator;
  /** The link of a card, by what its accessible name begins with. */
  card: (title: string) => Locator;
  check: (title: string) => Locator;
}

/** The gallery of a patient, loaded. */
export async function openGallery(page: Page, patient: string, attributes: Record<string, string> = {}, host?: string): Promise<Gallery> {
  await mount(page, 'photo-gallery', { 'patient-id': patient, ...attributes }, host);
  const cards = page.locator('photo-card');
  await page.locator('photo-gallery .grid:not([hidden]), photo-gallery .state').first().waitFor();
  return {
    page,
    cards,
    card: (title) => page.getByRole('link', { name: new RegExp(`^${title}`) }),
    check: (title) => page.getByRole('checkbox', { name: new RegExp(`${title}$`) }),
  };
}

/** The titles on the screen, in order. */
export function titles(page: Page): Promise<string[]> {
  return page.locator('photo-card .title').allTextContents();
}
