import { defineConfig } from 'vitest/config';

/**
 * The product over several brokers: `npm run test:cluster`. It needs Debian’s packages redis-server and
 * haproxy.
 */
export default defineConfig({
  test: {
    include: ['tests/cluster/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
