import type { ErrorCode } from '@watchpost/contracts/errors';
import { LogQuota } from '@watchpost/service';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { ClaimRecord } from './claim-handler.ts';

export type ClaimAction = 'claim' | 'renew';

/** Counts and writes down every claim and renewal; never a code, a key or a request. */
export class ClaimAudit {
  readonly #log: Logger;
  readonly #nowMs: () => number;
  readonly #quota = new LogQuota();
  readonly #issued: Counter<'action'>;
  readonly #refused: Counter<'action' | 'code'>;

  constructor(log: Logger, registry: Registry, nowMs: () => number) {
    this.#log = log;
    this.#nowMs = nowMs;
    const registers = [registry];
    this.#issued = new Counter({
      name: 'watchpost_claims_issued_total',
      help: 'Certificates given out, by claim and renewal.',
      labelNames: ['action'],
      registers,
    });
    this.#refused = new Counter({
      name: 'watchpost_claims_refused_total',
      help: 'Claims and renewals refused, by code.',
      labelNames: ['action', 'code'],
      registers,
    });
    for (const action of ['claim', 'renew'] as const) this.#issued.inc({ action }, 0);
  }

  /** Never shortened: each is one gateway’s certificate. */
  issued(action: ClaimAction, remote: string, record: ClaimRecord): void {
    this.#issued.inc({ action });
    this.#log.info({ action, remote, ...record }, 'certificate issued');
  }

  /** A flood of refusals is shortened in the log and counted whole. */
  refused(action: ClaimAction, remote: string, code: ErrorCode, fault: string | undefined): void {
    this.#refused.inc({ action, code });
    const suppressed = this.#quota.take(`${action} ${code}`, this.#nowMs());
    if (suppressed === undefined) return;
    const more = { ...(fault === undefined ? {} : { fault }), ...(suppressed > 0 ? { suppressed } : {}) };
    this.#log.warn({ action, remote, code, ...more }, 'certificate refused');
  }
}
