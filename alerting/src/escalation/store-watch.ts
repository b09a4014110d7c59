import type { Logger } from 'pino';
import type { ServerClocks } from '../ingest/clock-steps.ts';
import type { Channels } from '../notify/channels.ts';
import { composeSystemNotice } from './compose-system-notice.ts';
import { type Kept, type KeptReceiver, readKept, writeKept } from './kept-fallback.ts';
import { noticeIdOf } from './notice-id.ts';
import { fallbackPolicy } from './policy.ts';
import { within } from './within.ts';

/** What {@link StoreWatch} needs. */
export interface StoreWatchOptions {
  /** Where it is kept what a start without the database has to know; without it in memory alone. */
  readonly file: string | undefined;
  readonly channels: Pick<Channels, 'send'>;
  readonly clocks: ServerClocks;
  readonly logger: Logger;
  readonly policy?: Partial<typeof fallbackPolicy>;
}

/** Asks the database who stands in for others; rejects while it is gone. */
export type LoadStandIns = () => Promise<readonly KeptReceiver[]>;

/**
 * Tells who stands in for others, once, that the database is gone, and once that it is back: without the
 * database, by what it knew before. Of several processes each tells for itself, with the same id.
 */
export class StoreWatch {
  readonly #options: StoreWatchOptions;
  readonly #policy: typeof fallbackPolicy;
  #kept: Kept;
  #triedMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  readonly #stopping = new AbortController();

  constructor(options: StoreWatchOptions) {
    this.#options = options;
    this.#policy = { ...fallbackPolicy, ...options.policy };
    this.#kept = readKept(options.file);
  }

  /** Who stands in for others, as it was known last. */
  get standIns(): readonly KeptReceiver[] {
    return this.#kept.receivers;
  }

  /** The database does not answer; who stands in is told of that, or was. */
  get isStoreGone(): boolean {
    return this.#kept.gone !== null;
  }

  /** Looks from now on. */
  start(load: LoadStandIns): void {
    const look = () => void this.look(load);
    look();
    this.#timer = setInterval(look, this.#policy.everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#looking;
  }

  /** Looks once, and tells what is to be told. Does not reject. */
  look(load: LoadStandIns): Promise<void> {
    this.#looking ??= this.#look(load)
      .catch((err: unknown) => this.#options.logger.warn({ err }, 'who stands in could not be told'))
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #look(load: LoadStandIns): Promise<void> {
    const receivers = await within(this.#policy.answersWithinMs, load()).catch(() => undefined);
    if (receivers) await this.#isThere(receivers);
    else await this.#isGone();
  }

  async #isThere(receivers: readonly KeptReceiver[]): Promise<void> {
    const { gone, receivers: before } = this.#kept;
    if (gone) this.#triedMs = Number.NEGATIVE_INFINITY;
    const left = gone ? before.filter(({ id }) => gone.told.includes(id)) : (this.#kept.back?.left ?? []);
    const sinceMs = gone?.sinceMs ?? this.#kept.back?.sinceMs ?? 0;
    const back = left.length === 0 ? null : { sinceMs, left };
    this.#keep({ version: 1, receivers: [...receivers], gone: null, back });
    if (!back || !this.#mayTry()) return;
    const reached = await this.#tell(left, 'back', sinceMs);
    const still = left.filter(({ id }) => !reached.includes(id));
    this.#keep({ ...this.#kept, back: still.length === 0 ? null : { sinceMs, left: still } });
  }

  async #isGone(): Promise<void> {
    const { clocks } = this.#options;
    const { tellAfterMs } = this.#policy;
    const nowMs = clocks.wallMs();
    const { sinceMs = nowMs, told = [] } = this.#kept.gone ?? {};
    // A clock that was set back makes nobody wait for it.
    this.#keep({ ...this.#kept, gone: { sinceMs: Math.min(sinceMs, nowMs), told } });
    if (nowMs - sinceMs < tellAfterMs) return;
    const left = this.#kept.receivers.filter(({ id }) => !told.includes(id));
    if (left.length === 0 || !this.#mayTry()) return;
    const reached = await this.#tell(left, 'gone', sinceMs);
    this.#keep({ ...this.#kept, gone: { sinceMs, told: [...told, ...reached] } });
  }

  /** Whether the last try was long enough ago; then this is the next one. */
  #mayTry(): boolean {
    const nowMs = this.#options.clocks.monotonicMs();
    if (nowMs - this.#triedMs < this.#policy.retryMs) return false;
    this.#triedMs = nowMs;
    return true;
  }

  /** Ids of those who were reached. */
  async #tell(
    receivers: readonly KeptReceiver[],
    kind: 'gone' | 'back',
    sinceMs: number,
  ): Promise<readonly string[]> {
    const { channels, clocks, logger } = this.#options;
    const outcomes = await Promise.all(
      receivers.map(async (receiver) => {
        const id = noticeIdOf(`${kind} ${receiver.id} ${sinceMs}`);
        const notice = composeSystemNotice(receiver, { id, kind, sinceMs, nowMs: clocks.wallMs() });
        const delivery = await channels.send(notice, receiver.address, this.#stopping.signal);
        if (delivery.outcome === 'sent') return [receiver.id];
        const { code } = delivery;
        logger.warn({ receiver: receiver.id, code, kind }, 'a receiver was not told of the database');
        return [];
      }),
    );
    return outcomes.flat();
  }

  #keep(kept: Kept): void {
    if (JSON.stringify(kept) === JSON.stringify(this.#kept)) return;
    this.#kept = kept;
    try {
      writeKept(this.#options.file, kept);
    } catch (err) {
      // A full disk: what is in memory holds.
      this.#options.logger.warn({ err }, 'who stands in for others could not be kept');
    }
  }
}
