import { mkdirSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type CDPSession, type Page } from 'playwright-core';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const SIZES = { phone: 375, tablet: 768, desktop: 1440 } as const;

/** Where screenshots of a run are kept. */
export const ARTEFACTS = 'test-results';

/** Milliseconds that each answer is to come later (LATENCY=300 npm run e2e): what a flow does too early, it does each time. */
const LATENCY = Number(process.env['LATENCY'] ?? 0);

/** Debian's Chromium; CHROMIUM names another. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: FLAGS });
}

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** What went wrong on the page so far: violations of the policy, errors that nobody caught. */
  faults: string[];
}

/** A page in a window of its own. Violations of the content security policy and uncaught errors are collected. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: SIZES.desktop, height: 900 },
    locale: 'es-ES',
    timezoneId: 'Europe/Madrid',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  if (LATENCY) await network(page, {});
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.exposeFunction('reportFault', (fault: string) => void faults.push(fault));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (globalThis as unknown as { reportFault: (fault: string) => void }).reportFault;
      report(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  return { page, context, faults };
}

const networks = new WeakMap<Page, Promise<CDPSession>>();

/** How a page's network is from now on; `upload` is bytes a second. */
export async function network(page: Page, { offline = false, upload = -1 }: { offline?: boolean; upload?: number }): Promise<void> {
  const kept = networks.get(page) ?? page.context().newCDPSession(page);
  networks.set(page, kept);
  const session = await kept;
  await session.send('Network.enable');
  const limits = { offline, latency: LATENCY, downloadThroughput: -1, uploadThroughput: upload };
  await session.send('Network.emulateNetworkConditions', limits);
}

/** A phone: 375 px, touch, a dense screen. */
export const PHONE: BrowserContextOptions = {
  viewport: { width: SIZES.phone, height: 740 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};

export async function shot(page: Page, name: string): Promise<void> {
  mkdirSync(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: `${ARTEFACTS}/${name}.png` });
}
