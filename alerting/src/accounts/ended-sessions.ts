import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '@watchpost/service';
import type { Logger } from 'pino';
import { sessionIdOf } from './session-id.ts';
import type { Sessions } from './sessions.ts';

interface Entry {
  readonly type: 'session';
  readonly session: string;
  readonly at: string;
  readonly until: string;
}

/**
 * The file in which the broker reads which sessions ended before their tokens do (`tokens.endedSessionsFile`
 * of its configuration). Only sessions that got a token are in it, until that would have expired: a few
 * minutes. Written whole or not at all.
 */
export class EndedSessions {
  readonly #path: string;
  readonly #nowMs: () => number;
  readonly #logger: Logger;
  #entries: readonly Entry[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, nowMs: () => number, logger: Logger) {
    this.#path = path;
    this.#nowMs = nowMs;
    this.#logger = logger;
  }

  /** Takes over what an earlier run left, and makes the file when there is none: the broker wants it. */
  async start(): Promise<void> {
    try {
      const { entries } = JSON.parse(await readFile(this.#path, 'utf8')) as {
        readonly entries: readonly Entry[];
      };
      this.#entries = entries;
    } catch {
      // None yet, or half of one: tokens live for minutes.
    }
    this.#write();
    await this.#writing;
  }

  /** From now until its last token has expired, the end of this session is told to the broker. */
  follow(sessions: Sessions, hash: string, untilMs: number): void {
    const unwatch = sessions.watch(hash, () => {
      clearTimeout(expiry);
      this.#add(sessionIdOf(hash), untilMs);
    });
    const expiry = setTimeout(unwatch, untilMs - this.#nowMs()).unref();
  }

  #add(session: string, untilMs: number): void {
    const [at, until] = [this.#nowMs(), untilMs].map((ms) => new Date(ms).toISOString());
    if (at === undefined || until === undefined) return;
    const others = this.#entries.filter((entry) => entry.until > at && entry.session !== session);
    this.#entries = [...others, { type: 'session', session, at, until }];
    this.#write();
  }

  #write(): void {
    this.#writing = this.#writing
      .then(() => mkdir(dirname(this.#path), { recursive: true, mode: 0o700 }))
      .then(() =>
        replaceFile(this.#path, `${JSON.stringify({ version: 1, entries: this.#entries }, null, 1)}\n`),
      )
      .catch((err: unknown) =>
        this.#logger.error({ err }, 'the broker could not be told which sessions ended'),
      );
  }
}
