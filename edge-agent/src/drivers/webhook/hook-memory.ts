import type { DatabaseSync } from 'node:sqlite';
import { systemClock } from '@watchpost/hardware';
import { closeQuietly, isCorruption, openExclusive, setAside } from '../../storage/exclusive-database.ts';
import { hookPolicy } from '../policy.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS hook (
    device TEXT NOT NULL,
    id TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (device, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS hook_until ON hook (until);
`;

export interface HookMemoryOptions {
  readonly path: string;
  /** Called when the disk does not take what should be remembered: it is then remembered for this run. */
  readonly onUnwritable: (error: unknown) => void;
  /** Called when a damaged file was set aside. */
  readonly onCorrupt: (file: string) => void;
  /** Most messages of one device, default {@link hookPolicy}. */
  readonly perDevice?: number;
}

/**
 * Which messages were taken, so that none is taken twice, over restarts too. A message is forgotten when its
 * time alone would refuse it. An alarm matters more than this memory: without a disk it goes on in memory.
 */
export class HookMemory {
  readonly #options: HookMemoryOptions;
  readonly #taken = new Map<string, Map<string, number>>();
  #database: DatabaseSync | undefined;

  constructor(options: HookMemoryOptions) {
    this.#options = options;
    this.#database = this.#open();
    const rows = this.#database?.prepare('SELECT device, id, until FROM hook ORDER BY until').all() ?? [];
    for (const row of rows as { device: string; id: string; until: number }[])
      this.#of(row.device).set(row.id, row.until);
  }

  /**
   * Remembers a message. Times are milliseconds since the Unix epoch.
   * @returns `taken` when it was remembered before, `full` when the device has said too much lately; nothing
   *   was remembered then
   */
  remember(device: string, id: string, timeMs: number, nowMs: number): 'new' | 'taken' | 'full' {
    const known = this.#of(device);
    if (known.has(id)) return 'taken';
    for (const [old, until] of known) if (until < nowMs) known.delete(old);
    if (known.size >= (this.#options.perDevice ?? hookPolicy.remembered)) return 'full';
    // While nobody knew the time it may be any: it is kept by the later of the two.
    const until = Math.max(timeMs, nowMs) + 2 * hookPolicy.windowMs;
    known.set(id, until);
    this.#write(device, id, until, nowMs);
    return 'new';
  }

  close(): void {
    closeQuietly(this.#database);
  }

  #of(device: string): Map<string, number> {
    const known = this.#taken.get(device) ?? new Map<string, number>();
    this.#taken.set(device, known);
    return known;
  }

  #open(): DatabaseSync | undefined {
    const { path, onCorrupt, onUnwritable } = this.#options;
    try {
      try {
        return openExclusive(path, schema);
      } catch (error) {
        if (!isCorruption(error)) throw error;
        onCorrupt(setAside(path, systemClock.now()));
        return openExclusive(path, schema);
      }
    } catch (error) {
      onUnwritable(error);
      return undefined;
    }
  }

  #write(device: string, id: string, until: number, nowMs: number): void {
    try {
      this.#database?.prepare('DELETE FROM hook WHERE until < ?').run(nowMs);
      this.#database
        ?.prepare('INSERT OR REPLACE INTO hook (device, id, until) VALUES (?, ?, ?)')
        .run(device, id, until);
    } catch (error) {
      this.#options.onUnwritable(error);
    }
  }
}
