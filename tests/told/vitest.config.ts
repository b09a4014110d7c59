import { defineConfig } from 'vitest/config';

/**
 * Suite “told”: how each way in which somebody should have been told ends on the stream and the screen.
 * `npm run test:told`.
 */
export default defineConfig({
  test: {
    include: ['tests/told/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // What is polled has the time of everything else that waits for a browser or a process.
    expect: { poll: { timeout: 30_000 } },
    // Real browsers and processes on a busy machine: the report says which case needed a second try.
    retry: 1,
  },
});
