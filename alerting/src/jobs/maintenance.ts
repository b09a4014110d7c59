import type { Logger } from 'pino';
import type { TokenReminder } from '../accounts/token-reminder.ts';
import { closeAutomatically } from '../alerts/close-automatically.ts';
import { candidatePolicy } from '../candidates/policy.ts';
import { headOf } from '../governance/audit-log.ts';
import { closeAudit } from '../governance/close-audit.ts';
import { auditPolicy } from '../governance/policy.ts';
import type { AlertingPolicy } from '../policy.ts';
import { resolvedBefore } from '../store/alert-store.ts';
import { forgetRefused } from '../store/candidate-store.ts';
import { refreshHourly } from '../store/event-store.ts';
import type { Store } from '../store/open-store.ts';
import { applyRetention, forgetPassingChanges } from '../store/retention.ts';
import { deleteExpiredSessions } from '../store/session-store.ts';
import { maintenancePolicy } from './policy.ts';

/** What {@link Maintenance} needs. */
export interface MaintenanceOptions {
  readonly store: Store;
  /** Absent: nothing is told of API tokens. */
  readonly tokenReminder?: Pick<TokenReminder, 'run'> | undefined;
  /** Each site that runs, with what it keeps how long. */
  readonly sites: ReadonlyMap<string, AlertingPolicy['keptDays']>;
  readonly policy: Pick<AlertingPolicy, 'passingChangesKeptMs'>;
  /** Whether this service does what is done once for all that share the database; by default it does. */
  readonly leads?: () => boolean;
  readonly logger: Logger;
  /** The clock, for what is older than a date. */
  readonly nowMs: () => number;
  /** How long ago a job ran; by default the process's own clock, which nobody sets. */
  readonly monotonicMs?: () => number;
}

const { everyMs, closeAfterMs, retainEveryMs, forgetChangesEveryMs } = maintenancePolicy;
const hourMs = 3_600_000;

/** The jobs that run by themselves: what a database with policies does on its own is left to it. */
export class Maintenance {
  readonly #options: MaintenanceOptions;
  readonly #others = new Map<string, () => Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #late: { fromMs: number; toMs: number } | undefined;
  #retainedAtMs = Number.NEGATIVE_INFINITY;
  #forgotChangesAtMs = Number.NEGATIVE_INFINITY;
  #closedAuditAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
  }

  /** Runs this as well each time, under its name. */
  also(job: string, run: () => Promise<void>): void {
    this.#others.set(job, run);
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#running ??= this.runOnce().finally(() => {
        this.#running = undefined;
      });
    }, everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /**
   * Late events change hours that were aggregated already; a policy would not see them outside its window.
   */
  noteLate(timesMs: readonly number[]): void {
    const fromMs = Math.min(this.#late?.fromMs ?? Number.POSITIVE_INFINITY, ...timesMs);
    const toMs = Math.max(this.#late?.toMs ?? 0, ...timesMs);
    this.#late = { fromMs, toMs };
  }

  /** Runs every job that is due. A job that fails is logged and tried again next time. */
  async runOnce(): Promise<void> {
    const { logger, leads = () => true } = this.#options;
    const jobs = {
      sessions: () =>
        deleteExpiredSessions(this.#options.store.db, new Date(this.#options.nowMs()).toISOString()),
      tokens: async () => this.#options.tokenReminder?.run(),
      alerts: () => this.#closeOldAlerts(),
      refused: () => this.#forgetRefused(),
      hourly: () => this.#refreshLate(),
      changes: () => this.#forgetChanges(),
      retention: () => this.#retain(),
      audit: () => this.#closeAudit(),
      ...Object.fromEntries(this.#others),
    };
    for (const [job, run] of Object.entries(jobs)) {
      // Late events are known to who committed them.
      if (job !== 'hourly' && !leads()) continue;
      await run().catch((err: unknown) => logger.warn({ err, job }, 'job failed'));
    }
  }

  async #closeOldAlerts(): Promise<void> {
    const { store, sites, nowMs } = this.#options;
    const before = new Date(nowMs() - closeAfterMs).toISOString();
    for (const site of sites.keys())
      for (const id of await resolvedBefore(store.db, site, before))
        await closeAutomatically(store.changes, site, id, nowMs());
  }

  /** After closing: until then a refusal that was a mistake can be taken back. */
  async #forgetRefused(): Promise<void> {
    const { store, sites } = this.#options;
    const { forgottenAtOnce } = candidatePolicy;
    for (const site of sites.keys())
      for (let part: number = forgottenAtOnce; part === forgottenAtOnce; )
        part = await forgetRefused(store.jobs, site, forgottenAtOnce);
  }

  async #forgetChanges(): Promise<void> {
    const { store, policy, nowMs } = this.#options;
    if (this.#monotonicMs() - this.#forgotChangesAtMs < forgetChangesEveryMs) return;
    await forgetPassingChanges(store, policy, nowMs());
    this.#forgotChangesAtMs = this.#monotonicMs();
  }

  async #refreshLate(): Promise<void> {
    const { store } = this.#options;
    const late = this.#late;
    if (!store.capabilities.continuousAggregates || !late) return;
    this.#late = undefined;
    const floor = (ms: number) => new Date(Math.floor(ms / hourMs) * hourMs).toISOString();
    try {
      await refreshHourly(store.jobs, floor(late.fromMs), floor(late.toMs + hourMs));
    } catch (error) {
      this.noteLate([late.fromMs, late.toMs]);
      throw error;
    }
  }

  async #retain(): Promise<void> {
    const { store, nowMs, sites } = this.#options;
    if (this.#monotonicMs() - this.#retainedAtMs < retainEveryMs) return;
    await applyRetention(store, sites, nowMs());
    this.#retainedAtMs = this.#monotonicMs();
  }

  /** The head in the log of the server is a copy outside of the database: with it a cut tail is found. */
  async #closeAudit(): Promise<void> {
    const { store, nowMs, logger } = this.#options;
    if (this.#monotonicMs() - this.#closedAuditAtMs < auditPolicy.closeEveryMs) return;
    await closeAudit(store.db, nowMs());
    const { position, hash } = await headOf(store.db);
    logger.info({ position, hash }, 'head of the audit log');
    this.#closedAuditAtMs = this.#monotonicMs();
  }

  #monotonicMs(): number {
    return (this.#options.monotonicMs ?? performance.now.bind(performance))();
  }
}
