import lit from 'eslint-plugin-lit';
import tseslint from 'typescript-eslint';

const STYLE_ATTRIBUTE = {
  selector: "TaggedTemplateExpression[tag.name='html'] TemplateElement[value.raw=/\\sstyle=[\"']?$|\\sstyle=\"/]",
  message: 'A strict CSP blocks style attributes: bind a class, or set element.style in updated().',
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'test-results/'] },
  ...tseslint.configs.recommended,
  lit.configs['flat/recommended'],
  {
    rules: {
      'no-restricted-syntax': ['error', STYLE_ATTRIBUTE],
      'no-restricted-imports': ['error', { paths: [{ name: 'lit/directives/style-map.js', message: STYLE_ATTRIBUTE.message }] }],
      'max-lines': ['error', { max: 260, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/styles.ts', 'tests/**'],
    rules: { 'max-lines': 'off' },
  },
);
