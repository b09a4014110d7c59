import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * Drivers on what comes nearest to real devices: a pseudo terminal (needs `socat`). Not part of `npm test`.
 */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['**/*.device.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
