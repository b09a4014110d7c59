import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventDataSchemas } from '@watchpost/contracts/wire';
import { replaceSecretFile } from '@watchpost/service';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { TamperEpisode } from './tamper-detector.ts';

const { kind, reason } = eventDataSchemas['watchpost.tamper.cleared.v1'].shape;
const fileSchema = z.array(
  z.strictObject({
    kind,
    reason: reason.unwrap(),
    /** Milliseconds since the epoch. */
    since: z.number(),
  }),
);

/**
 * Keeps the episodes of one camera that were told and are not over, so that they are ended after a restart of
 * the agent too. Only a change writes. A disk that cannot be written costs the ending after a restart and
 * nothing else; it is logged.
 */
export class TamperFile {
  readonly #path: string;
  readonly #log: Logger;

  constructor(folder: string, device: string, log: Logger) {
    this.#path = join(folder, `tamper-${device}.json`);
    this.#log = log;
  }

  /**
   * Of an earlier run, their times by the clock of `nowMs`, which never goes back; none when the file is
   * missing or damaged.
   */
  read(nowMs: number): TamperEpisode[] {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch {
      return [];
    }
    try {
      const offset = nowMs - Date.now();
      return fileSchema
        .parse(JSON.parse(text))
        .map(({ since, ...episode }) => ({ ...episode, sinceMs: Math.min(nowMs, since + offset) }));
    } catch {
      this.#log.warn({ path: this.#path }, 'kept state of a camera is damaged');
      return [];
    }
  }

  write(open: readonly TamperEpisode[], nowMs: number): void {
    const offset = Date.now() - nowMs;
    const kept = open.map(({ sinceMs, ...episode }) => ({ ...episode, since: Math.round(sinceMs + offset) }));
    try {
      replaceSecretFile(this.#path, JSON.stringify(kept));
    } catch (error) {
      this.#log.error({ err: error, path: this.#path }, 'state of a camera not kept');
    }
  }
}
