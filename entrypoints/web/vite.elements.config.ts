import { readdirSync } from 'node:fs';
import { defineConfig, transformWithEsbuild, type Plugin } from 'vite';

const names = readdirSync('src/elements', { withFileTypes: true }).filter((entry) => entry.isDirectory());
const elements = Object.fromEntries(names.map(({ name }) => [name, `src/elements/${name}/define.ts`]));

/** Vite leaves the white space of ES libraries alone; nobody reads these files, so it goes, in the templates too. */
const squeezed: Plugin = {
  name: 'squeezed',
  renderChunk: (code, { fileName }) => transformWithEsbuild(code.replace(/\n\s+/g, '\n'), fileName, { minify: true, target: 'es2022' }),
};

/** ES modules for hosts: one for each element, `index.js` with all, `react.js`; what they share in `chunks/`. */
export default defineConfig({
  publicDir: false,
  plugins: [squeezed],
  build: {
    target: 'es2022',
    outDir: 'dist/elements',
    emptyOutDir: true,
    minify: 'esbuild',
    sourcemap: false,
    modulePreload: false,
    lib: { entry: { index: 'src/index.ts', react: 'src/react/index.ts', ...elements }, formats: ['es'] },
    rollupOptions: {
      external: ['react'],
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', experimentalMinChunkSize: 10000 },
    },
  },
});
