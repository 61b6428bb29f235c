import { defineConfig } from 'vitest/config';

/** Tests of the logic; the two builds are in vite.elements.config.ts and vite.app.config.ts. */
export default defineConfig({
  test: {
    environment: 'node', // a file that needs a page says so in its first line
    include: ['src/**/*.test.ts', 'app/**/*.test.ts'],
    restoreMocks: true,
  },
});
