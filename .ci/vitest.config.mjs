import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const register = new URL('../src/cli/register.mjs', import.meta.url).href;

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['{model,src,conformance}/**/*.test.ts'],
    testTimeout: 60_000,
    maxWorkers: '100%',
    // Code under test starts worker threads, and these load TypeScript without vitest's help.
    execArgv: ['--import', register],
    coverage: {
      provider: 'v8',
      include: ['{model,src,conformance}/**/*.ts'],
      exclude: ['**/*.test.ts'],
    },
  },
});
