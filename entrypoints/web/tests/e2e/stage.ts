import type { TestProject } from 'vitest/node';
import { serve } from './hosting.js';
import { discard, start, type Tokens } from './service.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the pages of tests/hosts are, with the service under `/api`. */
    hostUrl: string;
    serviceUrl: string;
    /** Where the clinic's data are. */
    folder: string;
    tokens: Tokens;
  }
}

/** One demo clinic and one server of host pages for all flows. CLINIC_MEDIA_E2E_DIR keeps its data for the next run. */
export default async function stage({ provide }: TestProject): Promise<() => Promise<void>> {
  const kept = process.env['CLINIC_MEDIA_E2E_DIR'];
  const service = await start(kept ? { folder: kept } : {});
  const pages = await serve(service.url, ['tests/hosts', 'dist']);
  provide('hostUrl', pages.url);
  provide('serviceUrl', service.url);
  provide('folder', service.folder);
  provide('tokens', service.tokens);
  return async () => {
    await pages.stop();
    await service.stop();
    if (!kept) discard(service);
  };
}
