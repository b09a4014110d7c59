import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * The storage tests against a real server: `WATCHPOST_TEST_DATABASE_URL=postgres://… vitest run --config`
 * this.
 */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['**/*.server.test.ts'],
    pool: 'forks',
    // One database: what one file stores would count as cost in the other.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
