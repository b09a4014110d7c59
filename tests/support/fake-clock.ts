import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long libfaketime may take to see what the file says, milliseconds; its shortest is a second. */
const reloadMs = 1_000;

/**
 * The clock on the wall of a machine that is wrong, or jumps, by libfaketime: processes that are started with
 * {@link environment} read it. Their monotonic clock and their timers stay true, as on a machine whose clock
 * somebody sets. Needs `faketime`.
 */
export class FakeClock {
  readonly #file = join(tmpdir(), `watchpost-clock-${crypto.randomUUID()}`);
  readonly environment: Readonly<Record<string, string>>;

  /** `offsetMs`: what it says minus the true time. */
  constructor(offsetMs = 0) {
    this.#write(offsetMs);
    this.environment = {
      // Its own program knows where the library lies.
      LD_PRELOAD: execFileSync('faketime', ['-m', '-f', '+0', 'printenv', 'LD_PRELOAD'], {
        encoding: 'utf8',
      }).trim(),
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_CACHE_DURATION: String(reloadMs / 1_000),
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** Settles when the processes have seen it. */
  async set(offsetMs: number): Promise<void> {
    this.#write(offsetMs);
    await sleep(2 * reloadMs);
  }

  remove(): void {
    rmSync(this.#file, { force: true });
  }

  #write(offsetMs: number): void {
    writeFileSync(this.#file, `${offsetMs < 0 ? '-' : '+'}${Math.abs(offsetMs) / 1_000}\n`);
  }
}
