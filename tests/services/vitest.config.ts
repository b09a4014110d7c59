import { defineConfig } from 'vitest/config';

/**
 * Several alerting services on one database: `npm run test:services`. It needs a TimescaleDB server that
 * WATCHPOST_TEST_DATABASE_URL names, whose databases the tests make and drop.
 */
export default defineConfig({
  test: {
    include: ['tests/services/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
