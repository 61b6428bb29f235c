import { defineConfig } from 'vitest/config';

/** Flows in a real browser against the real service (see tests/e2e/stage.ts). */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/{e2e,perf}/**/*.e2e.ts'],
    globalSetup: 'tests/e2e/stage.ts',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
