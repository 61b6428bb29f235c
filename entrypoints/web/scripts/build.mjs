/** Build everything into dist/: the elements with their types and manifest, and the app. Prints and limits their size. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { build } from 'vite';
import { firstLoad, kB } from './size.mjs';

const LIMIT = 60_000;

function run(command, ...args) {
  const { status } = spawnSync(`node_modules/.bin/${command}`, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

await build({ configFile: 'vite.elements.config.ts', logLevel: 'warn' });
run('tsc', '-p', 'tsconfig.types.json');
run('cem', 'analyze', '--config', 'custom-elements-manifest.config.mjs');
copyFileSync('src/base/tokens.css', 'dist/elements/tokens.css');

if (existsSync('app/index.html')) await build({ configFile: 'vite.app.config.ts', logLevel: 'warn' });

const { bytes, files } = firstLoad('dist/elements/index.js');
console.log(`All elements: ${kB(bytes)} gzip in ${files} files, without what is loaded later (at most ${kB(LIMIT)})`);
if (bytes > LIMIT) {
  console.error('The elements have grown past their limit: load more of them later, or make them smaller.');
  process.exit(1);
}
