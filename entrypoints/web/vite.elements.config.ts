import { readdirSync } from 'node:fs';
import { defineConfig, transformWithEsbuild, type Plugin, type Rollup } from 'vite';

type GetManualChunk = Rollup.GetManualChunk;

const names = readdirSync('src/elements', { withFileTypes: true }).filter((entry) => entry.isDirectory());
const elements = Object.fromEntries(names.map(({ name }) => [name, `src/elements/${name}/define.ts`]));

/** Vite leaves the white space of ES libraries alone; nobody reads these files, so it goes, in the templates too. */
const squeezed: Plugin = {
  name: 'squeezed',
  renderChunk: (code, { fileName }) => transformWithEsbuild(code.replace(/\n\s+/g, '\n'), fileName, { minify: true, target: 'es2022' }),
};

type Modules = Parameters<GetManualChunk>[1];
let first: Set<string> | undefined;

/** Every module that `index.js` needs before it runs. */
function needed({ getModuleIds, getModuleInfo }: Modules): Set<string> {
  const found = new Set<string>();
  const visit = (id: string): void => {
    const known = getModuleInfo(id);
    if (found.has(id) || !known || known.isExternal) return;
    found.add(id);
    known.importedIds.forEach(visit);
  };
  visit([...getModuleIds()].find((id) => id.endsWith('/src/index.ts')) ?? '');
  return found;
}

/**
 * What is needed first lies together and is packed well, without what is loaded later; the two elements that are large
 * keep files of their own, for hosts that do not mount them.
 */
const together: GetManualChunk = (id, modules) => {
  first ??= needed(modules);
  const own = /\/src\/(index|elements\/[^/]+\/define|elements\/(photo-gallery\/(?!acts)|photo-card\/).+)\.ts$/.test(id);
  return first.has(id) && !own ? 'core' : undefined;
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
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', experimentalMinChunkSize: 10000, manualChunks: together },
    },
  },
});
