import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * The longer run: 100,000 inputs per decoder, unless `WATCHPOST_FUZZ_RUNS` says otherwise. Not part of
 * `npm test`.
 */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['inference/src/**/*.fuzz.ts', 'passes/src/**/*.fuzz.ts', 'edge-agent/src/**/*.fuzz.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 900_000,
  },
});
