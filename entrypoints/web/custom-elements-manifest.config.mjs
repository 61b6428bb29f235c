export default {
  globs: ['src/elements/*/*.ts'],
  exclude: ['**/*.test.ts', '**/styles.ts'],
  outdir: 'dist/elements',
  litelement: true,
};
