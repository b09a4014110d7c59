import { readFileSync } from 'node:fs';
import { wireLimits } from '@watchpost/contracts/wire';
import { replaceFileSync } from '@watchpost/service';
import { z } from 'zod';
import { clockPolicy } from '../policy.ts';
import { bootId, monotonicMs } from './boot-clock.ts';
import { GatewayClock, type RememberedTime } from './gateway-clock.ts';

const fileSchema = z.strictObject({
  /** The server's time when this was written, milliseconds since the Unix epoch. */
  serverMs: z.number().min(wireLimits.earliestTimeMs),
  /** Boot in which `serverMinusMonotonicMs` counts. */
  boot: z.string().max(64),
  serverMinusMonotonicMs: z.number(),
});

/**
 * Keeps the last server time on disk. After a restart of the process in the same boot the offset is known at
 * once; after a restart of the machine it is known at least which times are over. A disk that cannot be
 * written costs only this.
 */
export class ClockFile {
  readonly clock: GatewayClock;
  readonly #path: string;
  readonly #onUnwritable: (error: unknown) => void;
  #keptAtMs: number | null = null;

  constructor(path: string, onUnwritable: (error: unknown) => void) {
    this.#path = path;
    this.#onUnwritable = onUnwritable;
    this.clock = new GatewayClock({ wallMs: Date.now, monotonicMs }, remembered(path));
  }

  /** Takes the time of a receipt that arrived just now; writes now and then. */
  observe(serverMs: number): void {
    this.clock.observe(serverMs);
    if (this.#keptAtMs === null || monotonicMs() - this.#keptAtMs >= clockPolicy.keepEveryMs) this.keep();
  }

  /** Writes what is known, if anything is. */
  keep(): void {
    const { serverMinusMonotonicMs } = this.clock;
    if (serverMinusMonotonicMs === null) return;
    this.#keptAtMs = monotonicMs();
    const content = { serverMs: this.clock.nowMs(), boot: bootId(), serverMinusMonotonicMs };
    try {
      replaceFileSync(this.#path, JSON.stringify(content));
    } catch (error) {
      this.#onUnwritable(error);
    }
  }
}

/** No true time is before this, milliseconds since the Unix epoch, as far as the file at `path` knows. */
export function lastServerMs(path: string): number {
  return remembered(path).lastServerMs;
}

function remembered(path: string): RememberedTime {
  try {
    const { serverMs, boot, serverMinusMonotonicMs } = fileSchema.parse(
      JSON.parse(readFileSync(path, 'utf8')),
    );
    return { lastServerMs: serverMs, ...(boot === bootId() ? { serverMinusMonotonicMs } : {}) };
  } catch {
    // Missing or damaged: only a clock that was never set is known to be wrong.
    return { lastServerMs: wireLimits.earliestTimeMs };
  }
}
