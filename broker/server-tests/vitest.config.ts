import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * What needs other servers (Debian packages redis-server, mosquitto, nats-server) or takes longer: the broker
 * as a cluster on Redis, conformance included, other brokers with our rules, fuzz and storms. A missing
 * program is a failure.
 */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['server-tests/**/*.server.test.ts', 'src/conformance/*.test.ts'],
    exclude: ['src/conformance/table.test.ts', 'src/conformance/websocket.test.ts'],
    globalSetup: ['server-tests/redis-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
