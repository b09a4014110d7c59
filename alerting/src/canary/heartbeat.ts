import type { Logger } from 'pino';
import type { HttpSender } from '../notify/http/http-sender.ts';
import type { SecretReader } from '../notify/secrets.ts';

/** What {@link Heartbeat} needs. */
export interface HeartbeatOptions {
  /** Name of the secret that holds the address. */
  readonly secret: string;
  readonly everyMs: number;
  readonly http: Pick<HttpSender, 'post'>;
  readonly read: SecretReader;
  readonly monotonicMs: () => number;
  readonly logger: Logger;
}

/**
 * Calls an address of somebody outside now and then, as long as it is asked to: they tell people when it
 * stops, which works when nothing here does.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #calledMs = Number.NEGATIVE_INFINITY;
  #hasFailed = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Calls, unless it did so recently. Does not reject: who is called notices by himself. */
  async beat(signal: AbortSignal): Promise<void> {
    const { secret, everyMs, http, read, monotonicMs, logger } = this.#options;
    if (monotonicMs() - this.#calledMs < everyMs) return;
    this.#calledMs = monotonicMs();
    try {
      const { status } = await http.post(
        { url: read(secret), headers: {}, body: '', readsAnswer: false },
        signal,
      );
      if (status < 200 || status >= 300) throw new Error(`status ${status}`);
      this.#hasFailed = false;
    } catch (err) {
      // Once: the address is a secret, and errors of these parts carry none.
      if (!this.#hasFailed) logger.warn({ err, secret }, 'the watcher outside could not be called');
      this.#hasFailed = true;
    }
  }
}
