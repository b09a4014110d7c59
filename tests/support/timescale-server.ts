import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../../broker/src/bench/server-process.ts';

const script = fileURLToPath(new URL('../../.ci/timescale-server.sh', import.meta.url));
/** Kept, because making it loads a small system. */
const folder = join(tmpdir(), 'watchpost-timescale');

/**
 * Runs `body` with WATCHPOST_TEST_DATABASE_URL naming a TimescaleDB server: the one that it names already, or
 * one that is started for it and stopped afterwards (needs root and debootstrap).
 */
export async function withTimescale<T>(body: () => Promise<T>): Promise<T> {
  if (process.env.WATCHPOST_TEST_DATABASE_URL) return await body();
  const run = promisify(execFile);
  const { stdout } = await run(script, ['start', folder, String(await freePort())]);
  process.env.WATCHPOST_TEST_DATABASE_URL = stdout.trim();
  try {
    return await body();
  } finally {
    delete process.env.WATCHPOST_TEST_DATABASE_URL;
    await run(script, ['stop', folder]);
  }
}
