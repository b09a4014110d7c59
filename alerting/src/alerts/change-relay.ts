import type { Logger } from 'pino';
import type { ChangeLog, LoggedChange } from '../store/change-log.ts';
import { relayPolicy } from './policy.ts';

/** What {@link ChangeRelay} needs. */
export interface ChangeRelayOptions {
  readonly changes: Pick<ChangeLog, 'listen' | 'page'>;
  /** Only changes of this site; those of every site when absent. */
  readonly site?: string;
  /**
   * Takes changes in the order of their positions, each once; where it gives a promise, the next come when
   * that settles. Must not throw.
   */
  readonly take: (changes: readonly LoggedChange[]) => void | Promise<void>;
  readonly logger: Pick<Logger, 'warn'>;
  readonly everyMs?: number;
  readonly pageChanges?: number;
}

/**
 * Follows the log of changes for one consumer: woken by every commit of this process, and once a second in
 * case somebody else wrote. What a commit brings is taken at once when it is what comes next by its position;
 * otherwise the log is read.
 */
export class ChangeRelay {
  readonly #options: ChangeRelayOptions;
  #position = 0;
  /** Ends what runs; missing while it is stopped. */
  #running: AbortController | undefined;
  #isBusy = false;
  /** When everything that was there was passed on, by a clock that nobody sets. */
  #doneMs = performance.now();
  /** What was committed while it was busy, as far as there is room. */
  #waiting: LoggedChange[] = [];
  /** There was no room: the log is to be read. */
  #isBehind = false;
  #unlisten: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ChangeRelayOptions) {
    this.#options = options;
  }

  /** The position up to which everything was taken. */
  get position(): number {
    return this.#position;
  }

  /** How long ago everything that was there had been passed on, milliseconds. */
  get doneAgoMs(): number {
    return performance.now() - this.#doneMs;
  }

  /** Begins after this position, also when it runs already. */
  start(after: number): void {
    this.stop();
    const { changes, everyMs = relayPolicy.everyMs } = this.#options;
    const running = new AbortController();
    const { signal } = running;
    this.#running = running;
    this.#position = after;
    this.#unlisten = changes.listen((committed) => this.#wake(committed, signal));
    this.#timer = setInterval(() => this.#wake([], signal), everyMs);
    this.#wake([], signal);
  }

  /** Takes nothing more. */
  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#isBusy = false;
    this.#isBehind = false;
    this.#waiting = [];
    this.#unlisten?.();
    clearInterval(this.#timer);
  }

  #wake(committed: readonly LoggedChange[], signal: AbortSignal): void {
    if (!this.#isBusy) void this.#run(committed, signal);
    else if (this.#waiting.length + committed.length <= relayPolicy.waitingAtMost)
      this.#waiting.push(...committed);
    else this.#isBehind = true;
  }

  /**
   * Does not reject. Without anything to wait for it is done when it returns. Reading goes on only where it
   * must: under load there is always a commit meanwhile, and reading all of them costs as much as they did.
   */
  async #run(committed: readonly LoggedChange[], signal: AbortSignal): Promise<void> {
    this.#isBusy = true;
    try {
      let next = committed;
      for (let mustRead = next.length === 0; ; next = this.#takeWaiting()) {
        mustRead ||= this.#isBehind || !this.#isNext(next);
        this.#isBehind = false;
        if (mustRead) mustRead = !(await this.#readOn(signal));
        else {
          const taken = this.#take(next);
          if (taken) await taken;
        }
        if (signal.aborted) return;
        if (!mustRead && !this.#isBehind && this.#waiting.length === 0) break;
      }
      this.#doneMs = performance.now();
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'changes of alerts could not be read, trying again');
    }
    // Begun anew meanwhile: that one counts.
    if (!signal.aborted) this.#isBusy = false;
  }

  /** In the order of their positions, without what was read meanwhile. */
  #takeWaiting(): readonly LoggedChange[] {
    const waiting = this.#waiting.filter(({ position }) => position > this.#position);
    this.#waiting = [];
    return waiting.sort((a, b) => a.position - b.position);
  }

  /** Positions that were given out and not used leave gaps, and others of the same database write too. */
  #isNext(committed: readonly LoggedChange[]): boolean {
    const first = this.#position + 1;
    return committed.every(({ position }, index) => position === first + index);
  }

  /** Takes one page; says whether that was the last. */
  async #readOn(signal: AbortSignal): Promise<boolean> {
    const { changes, site, pageChanges = relayPolicy.pageChanges } = this.#options;
    const page = await changes.page(site, this.#position, pageChanges);
    if (signal.aborted) return true;
    this.#position = page.reached;
    await this.#hand(page.changes);
    return page.changes.length < pageChanges;
  }

  #take(committed: readonly LoggedChange[]): void | Promise<void> {
    const { site } = this.#options;
    this.#position = committed.at(-1)?.position ?? this.#position;
    return this.#hand(site === undefined ? committed : committed.filter(({ alert }) => alert.site === site));
  }

  #hand(changes: readonly LoggedChange[]): void | Promise<void> {
    if (changes.length > 0) return this.#options.take(changes);
  }
}
