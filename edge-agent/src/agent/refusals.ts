import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import type { Logger } from 'pino';
import { diskTrouble } from '../storage/disk-trouble.ts';

/** Messages and files that were refused or could not be used: counted by error code, and logged. */
export class Refusals {
  readonly #log: Logger;
  readonly #counts: Partial<Record<ErrorCode, number>> = {};

  constructor(log: Logger) {
    this.#log = log;
  }

  /** How many so far. */
  get counts(): Readonly<Partial<Record<ErrorCode, number>>> {
    return { ...this.#counts };
  }

  /** `what` is the message of the log line. */
  readonly refuse = ({ code, path }: WatchpostError, what: string): void => {
    this.#count(code);
    this.#log.warn({ code, path }, what);
  };

  /** A damaged file was set aside under the name `file`. */
  setAside(code: ErrorCode, file: string, what: string): void {
    this.#count(code);
    this.#log.error({ code, file }, what);
  }

  /** For a file that could not be written. */
  unwritable(file: string): (error: unknown) => void {
    return (error) => {
      const code = diskTrouble(error) ?? 'edge.disk_unwritable';
      this.#count(code);
      this.#log.error({ code, file, err: (error as Error).message }, 'file not written');
    };
  }

  /** Does work that may refuse what it was given. */
  async guarded(what: string, work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof WatchpostError) this.refuse(error, what);
      else this.#log.error({ err: error }, what);
    }
  }

  #count(code: ErrorCode): void {
    this.#counts[code] = (this.#counts[code] ?? 0) + 1;
  }
}
