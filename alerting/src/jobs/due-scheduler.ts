import type { Logger } from 'pino';
import { systemGateway } from '../health/loss-finding.ts';
import { LeaseLost, type Leases } from '../leases/leases.ts';
import { dropDue, writeDue } from '../store/due-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { DueOutcome } from './due-handler.ts';
import type { DueRow, DueStep } from './due-step.ts';
import type { DueWorker } from './due-worker.ts';
import { schedulerPolicy } from './policy.ts';
import type { JobHandler, JobKind, JobPayload, Scheduler } from './scheduler.ts';

/** What {@link DueScheduler} needs. */
export interface DueSchedulerOptions {
  readonly site: string;
  readonly db: Queryable;
  readonly worker: Pick<DueWorker, 'handle' | 'expect'>;
  readonly leases: Pick<Leases, 'holds' | 'require'>;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

type Change =
  | { readonly do: 'schedule'; readonly row: DueRow; readonly keep: boolean }
  | { readonly do: 'cancel'; readonly kind: JobKind; readonly key: string };

/**
 * {@link Scheduler} on rows of `due`: what waits outlives the process, and whoever leads the site next goes
 * on with it. Only who leads writes and carries out. Changes are written together, after one another; while
 * the database is away they wait.
 */
export class DueScheduler implements Scheduler {
  readonly #options: DueSchedulerOptions;
  #changes = new Map<string, Change>();
  /** Takes changes of a handler, which are written with its step. */
  #within: Map<string, Change> | undefined;
  #writing: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: DueSchedulerOptions) {
    this.#options = options;
  }

  handle(kind: JobKind, handler: JobHandler): void {
    const { worker, site } = this.#options;
    worker.handle(
      site,
      kind,
      (tx, steps) => this.#carryOut(tx, steps, handler),
      () => this.#leads,
    );
  }

  schedule(kind: JobKind, key: string, atMs: number, payload: JobPayload = {}, keep?: 'keep'): void {
    const { site, nowMs } = this.#options;
    const waitMs = Math.max(0, atMs - nowMs());
    const row: DueRow = { site, kind, key, atMs, version: 0, waitMs, payload };
    const known = this.#open.get(nameOf(kind, key));
    // What is cancelled is not there any more, and of two that wait here the newer counts.
    this.#change(nameOf(kind, key), { do: 'schedule', row, keep: keep !== undefined && known === undefined });
  }

  cancel(kind: JobKind, key: string): void {
    this.#change(nameOf(kind, key), { do: 'cancel', kind, key });
  }

  /** Settles when what was asked for is written, or cannot be. */
  async written(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.written();
  }

  get #open(): Map<string, Change> {
    return this.#within ?? this.#changes;
  }

  get #leads(): boolean {
    return this.#options.leases.holds(this.#options.site, systemGateway);
  }

  #change(name: string, change: Change): void {
    if (!this.#leads) return;
    const open = this.#open;
    open.delete(name);
    open.set(name, change);
    if (!this.#within) this.#writing ??= this.#write();
  }

  async #carryOut(tx: Queryable, steps: readonly DueStep[], handler: JobHandler): Promise<DueOutcome> {
    const { leases, site } = this.#options;
    try {
      await leases.require(tx, site, [systemGateway]);
    } catch (error) {
      if (error instanceof LeaseLost) return { busy: steps };
      throw error;
    }
    const changes = new Map<string, Change>();
    this.#within = changes;
    try {
      for (const { key, payload, atMs } of steps) handler(key, payload, atMs);
    } finally {
      this.#within = undefined;
    }
    await this.#apply(tx, changes);
    return {};
  }

  async #write(): Promise<void> {
    const { db, leases, site, logger } = this.#options;
    // What one piece of work asks for is written together.
    await Promise.resolve();
    while (this.#changes.size > 0) {
      const changes = this.#changes;
      this.#changes = new Map();
      try {
        await db.transaction().execute(async (tx) => {
          await leases.require(tx, site, [systemGateway]);
          await this.#apply(tx, changes);
        });
      } catch (err) {
        if (err instanceof LeaseLost) continue;
        if (this.#isStopped) break;
        logger.debug({ err, site }, 'limits could not be written, trying again');
        this.#changes = new Map([...changes, ...this.#changes]);
        await new Promise((resolve) => setTimeout(resolve, schedulerPolicy.retryMs).unref());
      }
    }
    this.#writing = undefined;
  }

  async #apply(tx: Queryable, changes: ReadonlyMap<string, Change>): Promise<void> {
    const all = [...changes.values()];
    const rows = (keeps: boolean) =>
      all.flatMap((one) => (one.do === 'schedule' && one.keep === keeps ? [one.row] : []));
    const cancelled = all.flatMap((one) => (one.do === 'cancel' ? [one] : []));
    await dropDue(tx, this.#options.site, cancelled);
    await writeDue(tx, rows(true), true);
    await writeDue(tx, rows(false));
    const soonest = Math.min(...[...rows(true), ...rows(false)].map(({ atMs }) => atMs));
    if (Number.isFinite(soonest)) this.#options.worker.expect(soonest);
  }
}

const nameOf = (kind: JobKind, key: string): string => `${kind} ${key}`;
