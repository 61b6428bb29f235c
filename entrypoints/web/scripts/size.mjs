import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const STATIC_IMPORT = /(?:^|[;}\n])(?:import|export)\s*(?:[\w*{}\s,$]+?from\s*)?["'](\.[^"']+)["']/g;

/** Bytes (gzip) and number of the files that a module needs before it runs: its static imports, not its dynamic ones. */
export function firstLoad(entry) {
  const sizes = new Map();
  const visit = (path) => {
    if (sizes.has(path)) return;
    const source = readFileSync(path);
    sizes.set(path, gzipSync(source, { level: 9 }).length);
    for (const [, next] of source.toString().matchAll(STATIC_IMPORT)) visit(join(dirname(path), next));
  };
  visit(entry);
  return { bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0), files: sizes.size };
}

export function kB(bytes) {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}
