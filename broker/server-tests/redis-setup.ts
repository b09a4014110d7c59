import { startRedis } from '../src/bench/server-process.ts';

/** One Redis for all tests; each takes a prefix of its own. */
export default async function setup(): Promise<() => Promise<void>> {
  const redis = await startRedis();
  process.env.WATCHPOST_TEST_REDIS = `redis://127.0.0.1:${redis.port}`;
  return () => redis.stop();
}
