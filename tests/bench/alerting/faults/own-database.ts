import { readFileSync } from 'node:fs';
import pg from 'pg';
import { waitFor } from '../../../support/wait-for.ts';

const upAgainWithinMs = 120_000;

/** A database that can be killed, in a server of this machine. */
export class OwnDatabase {
  readonly #url: string;
  #victim: pg.Client | undefined;
  #pid = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws Error when the server is not on this machine */
  async open(): Promise<void> {
    const victim = new pg.Client({ connectionString: this.#url });
    victim.on('error', () => undefined);
    await victim.connect();
    const { rows } = await victim.query<{ pid: number }>('select pg_backend_pid() as pid');
    this.#pid = rows[0]?.pid ?? 0;
    this.#victim = victim;
    if (!/postgres/.test(readFileSync(`/proc/${this.#pid}/cmdline`, 'utf8')))
      throw new Error('the database server is not a process of this machine and cannot be killed');
  }

  /**
   * One of its processes is killed: the server then ends all of them and takes up what its log says, as after
   * a crash.
   */
  kill(): void {
    process.kill(this.#pid, 'SIGKILL');
  }

  /** Settles once it takes connections again. */
  async upAgain(): Promise<void> {
    await this.close();
    await waitFor(
      'the database is there again',
      () =>
        this.open().then(
          () => true,
          () => false,
        ),
      upAgainWithinMs,
    );
  }

  async close(): Promise<void> {
    await this.#victim?.end().catch(() => undefined);
    this.#victim = undefined;
  }
}
