import { defineConfig } from 'vitest/config';

/**
 * Flows in a real browser against the real service (see tests/e2e/stage.ts); with PERF set, what is measured there.
 * A machine of CI has other work too, so a flow gets two more tries on it.
 */
export default defineConfig({
  test: {
    environment: 'node',
    include: [process.env['PERF'] ? 'tests/perf/**/*.e2e.ts' : 'tests/e2e/**/*.e2e.ts'],
    retry: process.env['CI'] ? 2 : 0,
    globalSetup: 'tests/e2e/stage.ts',
    fileParallelism: false,
    testTimeout: process.env['PERF'] ? 180_000 : 60_000,
    hookTimeout: 120_000,
  },
});
