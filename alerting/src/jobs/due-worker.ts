import type { Logger } from 'pino';
import { ClockSteps, type ServerClocks } from '../ingest/clock-steps.ts';
import type { ChangeLog } from '../store/change-log.ts';
import { storeFault } from '../store/database-error.ts';
import {
  type DueLane,
  dueKeys,
  limitDue,
  moveDue,
  nextDue,
  putOffDue,
  takeDue,
  writeDue,
} from '../store/due-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { DueHandler } from './due-handler.ts';
import type { DueKind, DueStep } from './due-step.ts';
import { duePolicy } from './policy.ts';

/** Work of one kind and site, and who does it. */
interface Lane extends DueLane {
  readonly handler: DueHandler;
  readonly isOurs: () => boolean;
}

/** What {@link DueWorker} needs. */
export interface DueWorkerOptions {
  readonly db: Queryable;
  readonly changes: Pick<ChangeLog, 'commit'>;
  readonly clocks: ServerClocks;
  readonly logger: Logger;
  /** Told how late each step was, milliseconds. */
  readonly late?: (kind: DueKind, ms: number) => void;
  readonly policy?: Partial<typeof duePolicy>;
}

/** How the work that is due is done. */
export interface DueState {
  /** Attempts that failed since the start. */
  readonly failures: number;
  /** How long ago the table was looked at the last time, milliseconds; since the start before that. */
  readonly lookedAgoMs: number;
  /** How late the oldest piece is that waits though its time has come, milliseconds. */
  readonly behindMs: number;
}

/**
 * Carries out what is due in the database, each step in the transaction that takes its row: over a kill it is
 * neither lost nor done twice, and several workers share the rows. Woken by the next time that it knows and
 * once a second in case somebody else wrote. A clock that is set delays nothing and makes nothing due early.
 */
export class DueWorker {
  readonly #options: DueWorkerOptions;
  readonly #policy: typeof duePolicy;
  readonly #steps: ClockSteps;
  readonly #lanes = new Map<string, Lane>();
  /** How far the clock was set that the rows do not know of yet. */
  #setByMs = 0;
  #isLimited = false;
  #failures = 0;
  #lookedMonotonicMs: number;
  #behindMs = 0;
  #isStarted = false;
  #timer: NodeJS.Timeout | undefined;
  #wakesAtMs = Number.POSITIVE_INFINITY;
  /** The soonest time that was told since the last look began. */
  #expectedMs = Number.POSITIVE_INFINITY;
  #running: Promise<void> | undefined;

  constructor(options: DueWorkerOptions) {
    this.#options = options;
    this.#policy = { ...duePolicy, ...options.policy };
    this.#steps = new ClockSteps(options.clocks);
    this.#lookedMonotonicMs = options.clocks.monotonicMs();
  }

  get state(): DueState {
    const lookedAgoMs = this.#options.clocks.monotonicMs() - this.#lookedMonotonicMs;
    return { failures: this.#failures, lookedAgoMs, behindMs: this.#behindMs };
  }

  /**
   * Says who does the work of a kind on a site; before the start. `isOurs` says whether this process does it
   * now, where only one may.
   */
  handle(site: string, kind: DueKind, handler: DueHandler, isOurs: () => boolean = () => true): void {
    this.#lanes.set(`${site} ${kind}`, { site, kind, handler, isOurs });
  }

  start(): void {
    this.#isStarted = true;
    this.#wake();
  }

  /** Ends after the transaction in flight. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** A row was committed that is due at this time: nobody has to wait for the next look. */
  expect(atMs: number): void {
    this.#expectedMs = Math.min(this.#expectedMs, atMs);
    if (!this.#isStarted || this.#running || atMs >= this.#wakesAtMs) return;
    this.#arm(atMs - this.#options.clocks.wallMs());
  }

  /**
   * Carries out all that is due now; gives when the next piece is, milliseconds since the Unix epoch. What
   * fails is put off and does not stop the rest.
   * @throws what the database threw, when that is at fault
   */
  async look(): Promise<number | undefined> {
    const { db, clocks } = this.#options;
    const lanes = [...this.#lanes.values()].filter(({ isOurs }) => isOurs());
    if (lanes.length === 0) return undefined;
    for (;;) {
      await this.#followClock();
      const nowMs = clocks.wallMs();
      const next = await nextDue(
        db,
        lanes.map(({ site, kind }) => ({ site, kind })),
      );
      this.#lookedMonotonicMs = clocks.monotonicMs();
      const due = next.filter(({ atMs }) => atMs <= nowMs);
      this.#behindMs = Math.max(0, ...due.map(({ atMs }) => (atMs === 0 ? 0 : nowMs - atMs)));
      if (due.length === 0) return next.length === 0 ? undefined : Math.min(...next.map(({ atMs }) => atMs));
      let isBusy = true;
      for (const lane of due) isBusy = (await this.#takeFrom(lane, nowMs)) === 'busy' && isBusy;
      // Somebody else has all of it, or is at work on what it concerns.
      if (isBusy || !this.#mayGoOn) return clocks.wallMs() + this.#policy.busyPauseMs;
    }
  }

  get #mayGoOn(): boolean {
    return this.#running === undefined || this.#isStarted;
  }

  #wake(): void {
    clearTimeout(this.#timer);
    if (!this.#isStarted) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    const { clocks, logger } = this.#options;
    this.#expectedMs = Number.POSITIVE_INFINITY;
    let nextMs = Number.POSITIVE_INFINITY;
    try {
      nextMs = (await this.look()) ?? nextMs;
    } catch (err) {
      logger.warn({ err }, 'due work could not be looked at, trying again');
    }
    if (this.#isStarted) this.#arm(Math.min(nextMs, this.#expectedMs) - clocks.wallMs());
  }

  #arm(waitMs: number): void {
    clearTimeout(this.#timer);
    const ms = Math.min(this.#policy.pollMs, Math.max(0, waitMs));
    this.#wakesAtMs = this.#options.clocks.wallMs() + ms;
    this.#timer = setTimeout(() => this.#wake(), ms);
  }

  /**
   * Rows keep their distance from now when the clock is set; once at the start they are no further than that.
   */
  async #followClock(): Promise<void> {
    const { db, clocks } = this.#options;
    this.#setByMs += this.#steps.look();
    if (this.#isLimited && this.#setByMs === 0) return;
    const sites = [...new Set([...this.#lanes.values()].map(({ site }) => site))];
    const nowMs = clocks.wallMs();
    const setByMs = this.#setByMs;
    await db.transaction().execute(async (tx) => {
      if (setByMs !== 0) await moveDue(tx, sites, nowMs - setByMs, nowMs);
      await limitDue(tx, sites, nowMs);
    });
    this.#setByMs -= setByMs;
    this.#isLimited = true;
  }

  /** Carries out a part of a lane; when one of its steps fails, each apart. */
  async #takeFrom(lane: DueLane, nowMs: number): Promise<'busy' | 'done'> {
    const { db, logger } = this.#options;
    const { stepsAtOnce, retryMs } = this.#policy;
    try {
      return await this.#carryOut(lane, nowMs, stepsAtOnce);
    } catch (error) {
      this.#giveUpIfAway(error);
    }
    for (const key of await dueKeys(db, lane, nowMs, stepsAtOnce)) {
      try {
        await this.#carryOut(lane, nowMs, 1, key);
      } catch (err) {
        this.#giveUpIfAway(err);
        this.#failures += 1;
        const { site, kind } = lane;
        logger.warn({ err, site, kind, key }, 'due work failed, trying again');
        const pauseMs = (attempts: number) => Math.min(retryMs.largest, retryMs.first * 2 ** attempts);
        await putOffDue(db, lane, key, nowMs, pauseMs);
      }
    }
    return 'done';
  }

  /** @throws the error, when the database is at fault and not the step */
  #giveUpIfAway(error: unknown): void {
    const fault = storeFault(error);
    if (fault !== undefined && fault !== 'store.statement_timeout') throw error;
  }

  async #carryOut(lane: DueLane, nowMs: number, limit: number, key?: string): Promise<'busy' | 'done'> {
    const handler = this.#lanes.get(`${lane.site} ${lane.kind}`)?.handler;
    if (!handler) return 'busy';
    let afterwards: (() => void) | undefined;
    const done = await this.#options.changes.commit(async (tx, append) => {
      const steps = await takeDue(tx, lane, nowMs, limit, key);
      if (steps.length === 0) return [];
      const { entries = [], busy = [], ...more } = (await handler(tx, steps, nowMs)) ?? {};
      afterwards = more.afterwards;
      if (busy.length > 0) await writeDue(tx, busy, true);
      await append(entries);
      const isLeft = new Set(busy);
      return steps.filter((step) => !isLeft.has(step));
    });
    afterwards?.();
    this.#note(done, nowMs);
    return done.length === 0 ? 'busy' : 'done';
  }

  #note(steps: readonly DueStep[], nowMs: number): void {
    const { late } = this.#options;
    // What is put at the epoch has no time of its own.
    if (late)
      for (const { kind, atMs, attempts } of steps) if (atMs > 0 && attempts === 0) late(kind, nowMs - atMs);
  }
}
