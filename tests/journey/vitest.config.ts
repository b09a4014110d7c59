import { defineConfig } from 'vitest/config';

/**
 * The browser journeys: `npm run test:journey`. They need Chromium, and the server one
 * WATCHPOST_TEST_DATABASE_URL.
 */
export default defineConfig({
  test: {
    include: ['tests/journey/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // What is polled has the time of everything else that waits for a browser or a process.
    expect: { poll: { timeout: 30_000 } },
    // Real browsers on a busy machine: the report says which case needed a second try.
    retry: 1,
    bail: 0,
  },
});
