import { defineConfig } from 'vite';

/** The reference app: every file but index.html has its hash in its name; nothing is inline, so a strict CSP holds. */
export default defineConfig({
  root: 'app',
  base: '/',
  build: {
    target: 'es2022',
    outDir: '../dist/app',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    sourcemap: false,
    modulePreload: { polyfill: false },
    rollupOptions: { output: { experimentalMinChunkSize: 10000 } },
  },
  server: { proxy: { '/api': process.env['CLINIC_MEDIA_URL'] ?? 'http://127.0.0.1:8000' } },
});
