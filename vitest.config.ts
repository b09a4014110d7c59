import { defineConfig } from 'vitest/config';

/**
 * What `npm test` runs: everything that needs neither a browser, a server from apt, nor data outside the
 * checkout.
 */
export default defineConfig({
  test: {
    include: [
      '*/src/**/*.test.ts',
      'dashboards/*/src/**/*.test.{ts,tsx}',
      'tests/bench/**/*.test.ts',
      'tests/soak/**/*.test.ts',
      'tests/suites/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    execArgv: process.cwd().includes('%')
      ? ['--import', new URL('tests/support/paths-as-urls.mjs', import.meta.url).href]
      : [],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
