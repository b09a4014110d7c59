import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Queryable } from './schema.ts';

/** What {@link EmbeddedCheckpoints} needs. */
export interface EmbeddedCheckpointOptions {
  readonly db: Queryable;
  readonly logger: Logger;
  /** Pause between two, milliseconds. */
  readonly everyMs: number;
}

/**
 * Writes a checkpoint now and then. A PostgreSQL server does so by itself when its write-ahead log has grown;
 * PGlite has no process for it, and its log would grow until the database is closed.
 */
export class EmbeddedCheckpoints {
  readonly #options: EmbeddedCheckpointOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: EmbeddedCheckpointOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#running = this.runOnce();
    }, this.#options.everyMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** What fails is logged: the next one does its work. */
  async runOnce(): Promise<void> {
    const { db, logger } = this.#options;
    await sql`checkpoint`
      .execute(db)
      .catch((error: unknown) => logger.warn({ err: error }, 'checkpoint failed'));
  }
}
