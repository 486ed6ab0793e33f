import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const tests = ['**/*.test.ts'];
const tool = ['.ci/*.mjs', '.dependency-cruiser.cjs'];
const nodeOnly = ['**/worker*.ts', '**/*-node.ts', ...tests];

const nodeGlobals = ['Buffer', 'global', 'process', 'setImmediate'].map((name) => ({
  name,
  message: 'This code also runs in a browser.',
}));

const limits = {
  'max-lines': ['error', { max: 300 }],
  'max-lines-per-function': ['error', { max: 60 }],
};

const typescript = {
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],

  // An index into a typed array is in range by construction, and `!` costs nothing at run time.
  '@typescript-eslint/no-non-null-assertion': 'off',
  // Taste: either form reads well.
  '@typescript-eslint/consistent-type-definitions': 'off',
  '@typescript-eslint/prefer-for-of': 'off',
  // An interface may ask for a promise where one implementation has nothing to wait for.
  '@typescript-eslint/require-await': 'off',
};

// Tests read JSON that they have just written, and feed broken input on purpose.
const relaxedForTests = {
  '@typescript-eslint/no-unsafe-argument': 'off',
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-call': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/no-unsafe-return': 'off',
  '@typescript-eslint/no-empty-function': 'off',
};

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'src/trace/wire.ts', 'conformance/adapters/**/*.{js,mjs,cjs}'] },
  js.configs.recommended,
  { rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] } },
  {
    files: ['**/*.ts', 'src/cli/*.mjs'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: typescript,
  },
  { files: ['{model,src,conformance}/**'], ignores: tests, rules: limits },
  { files: ['{model,src,conformance}/**'], ignores: ['src/cli/**', 'conformance/adapters/**'], rules: { 'no-console': 'error' } },
  {
    files: ['model/**', 'src/{engine,check,explorer}/**'],
    ignores: nodeOnly,
    rules: { 'no-restricted-globals': ['error', ...nodeGlobals] },
  },
  { files: tests, rules: relaxedForTests },
  { files: tool, languageOptions: { globals: { console: 'readonly', module: 'writable', process: 'readonly', URL: 'readonly' } } },
);
