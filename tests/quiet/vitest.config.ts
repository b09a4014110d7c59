import { defineConfig } from 'vitest/config';

/** Suite “quiet”: what the product opens, asks, writes and leaves behind. `npm run test:quiet`. */
export default defineConfig({
  test: {
    include: ['tests/quiet/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
