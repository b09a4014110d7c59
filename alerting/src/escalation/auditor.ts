import type { ErrorCode } from '@watchpost/contracts/errors';
import type { Logger } from 'pino';
import { auditSite } from '../store/audit-store.ts';
import { writeDue } from '../store/due-store.ts';
import { hasEmptyRun } from '../store/escalation-store.ts';
import type { Queryable } from '../store/schema.ts';
import { auditPolicy } from './policy.ts';
import { within } from './within.ts';

/** What {@link Auditor} needs. */
export interface AuditorOptions {
  readonly sites: readonly string[];
  /** A connection that nothing else of the service uses, where the database has several. */
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly logger: Logger;
  /** Told which codes hold for a site: all of them, each time. */
  readonly faults: (site: string, codes: readonly ErrorCode[]) => void;
  readonly policy?: Partial<typeof auditPolicy>;
}

/** What the last look found. */
export interface AuditState {
  readonly error?: ErrorCode;
  readonly overdueSteps: number;
  readonly overdueNotices: number;
}

/**
 * Looks every minute whether each step that was due was taken and each notice came to an end, by what is
 * written down and not by what those who do it say. What it finds is a fault of the server, which alerts.
 */
export class Auditor {
  readonly #options: AuditorOptions;
  readonly #policy: typeof auditPolicy;
  readonly #found = new Map<string, readonly ErrorCode[]>();
  #state: AuditState = { overdueSteps: 0, overdueNotices: 0 };
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: AuditorOptions) {
    this.#options = options;
    this.#policy = { ...auditPolicy, ...options.policy };
  }

  get state(): AuditState {
    return this.#state;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), this.#policy.everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** Looks now, once at a time. Does not reject. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { sites, logger } = this.#options;
    let overdueSteps = 0;
    let overdueNotices = 0;
    try {
      for (const site of sites) {
        const found = await within(this.#policy.answersWithinMs, this.#audit(site));
        overdueSteps += found.overdueSteps;
        overdueNotices += found.overdueNotices;
      }
      const error = [...this.#found.values()].flat()[0];
      this.#state = { overdueSteps, overdueNotices, ...(error === undefined ? {} : { error }) };
    } catch (err) {
      logger.warn({ err }, 'whether people are told in time could not be checked');
      this.#state = { overdueSteps, overdueNotices, error: 'escalation.audit_failed' };
      for (const site of sites) this.#tell(site, ['escalation.audit_failed']);
    }
  }

  async #audit(site: string) {
    const { db, nowMs, logger } = this.#options;
    const { overdueMs, noticeOverdueMs } = this.#policy;
    const atMs = nowMs();
    const limits = { dueBeforeMs: atMs - overdueMs, noticeBeforeMs: atMs - noticeOverdueMs };
    const found = await auditSite(db, site, limits);
    const { overdueSteps, overdueNotices, lost } = found;
    if (lost.length > 0) {
      logger.error({ site, lost: lost.length }, 'escalations had no next step, which is written anew');
      const row = { site, kind: 'escalation.step', atMs, waitMs: 0 } as const;
      await writeDue(
        db,
        lost.map(({ subject: key, version }) => ({ ...row, key, version })),
      );
    }
    this.#tell(site, [
      ...(overdueSteps + overdueNotices > 0 ? ['escalation.overdue' as const] : []),
      ...(lost.length > 0 ? ['escalation.step_lost' as const] : []),
      ...((await hasEmptyRun(db, site)) ? ['escalation.nobody' as const] : []),
    ]);
    return found;
  }

  #tell(site: string, codes: readonly ErrorCode[]): void {
    this.#found.set(site, codes);
    this.#options.faults(site, codes);
  }
}
