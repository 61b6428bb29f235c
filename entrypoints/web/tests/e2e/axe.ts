import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds on the page as it is now, one line each. The page's context needs `bypassCSP`. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ content: axe.source });
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => [id, help, String(target), failureSummary ?? '']));
  });
  return found.map(([id, help, target, summary]) => `${id} at ${target}: ${help} (${summary?.replaceAll('\n', ' ')})`);
}
