import { defineConfig } from 'vitest/config';

/** Suite “doors”: attacks by real clients, while the rightful user is served. `npm run test:doors`. */
export default defineConfig({
  test: {
    include: ['tests/doors/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // Real browsers and processes on a busy machine: the report says which case needed a second try.
    retry: 1,
  },
});
