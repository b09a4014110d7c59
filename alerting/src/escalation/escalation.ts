import type { ComponentHealth } from '@watchpost/contracts/api';
import type { ErrorCode } from '@watchpost/contracts/errors';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { DutyLookup } from '../duty/roster.ts';
import type { IncidentBook } from '../incidents/incident-book.ts';
import type { ServerClocks } from '../ingest/clock-steps.ts';
import type { DueKind } from '../jobs/due-step.ts';
import type { DueWorker } from '../jobs/due-worker.ts';
import type { AlertingPolicy } from '../policy.ts';
import type { Store } from '../store/open-store.ts';
import { keptStandIns } from '../store/stand-in-store.ts';
import { Auditor } from './auditor.ts';
import { DutyNow } from './duty-now.ts';
import { EscalationDueWork } from './escalation-due-work.ts';
import { escalationWriter } from './escalation-writer.ts';
import type { StoreWatch } from './store-watch.ts';

/** A site whose incidents people are told of by steps. */
interface EscalatedSite {
  readonly policy: Pick<AlertingPolicy, 'escalation'>;
  readonly incidents: Pick<IncidentBook, 'also'>;
}

/** What {@link Escalation} needs. */
export interface EscalationOptions {
  readonly store: Pick<Store, 'audit'>;
  readonly sites: ReadonlyMap<string, EscalatedSite>;
  readonly dueWorker: Pick<DueWorker, 'handle' | 'expect'>;
  readonly duty: DutyLookup;
  readonly watch: StoreWatch;
  readonly clocks: ServerClocks;
  readonly logger: Logger;
  /** Told that notices wait to be sent. */
  readonly written: () => void;
  /** Told which codes hold for a site: all of them, each time. */
  readonly faults: (site: string, codes: readonly ErrorCode[]) => void;
}

/** Telling people by steps until somebody takes care, and seeing to it that this is done. */
export class Escalation {
  readonly #options: EscalationOptions;
  readonly #auditor: Auditor;

  /** From now on every change of an incident of the sites has its consequences. */
  constructor(options: EscalationOptions) {
    this.#options = options;
    const { store, sites, clocks, logger, faults } = options;
    this.#auditor = new Auditor({
      ...{ db: store.audit, nowMs: clocks.wallMs, logger, faults },
      sites: [...sites.keys()],
    });
    for (const [id, site] of sites) this.#follow(siteIdSchema.parse(id), site);
  }

  start(): void {
    const { watch, store, sites } = this.#options;
    this.#auditor.start();
    watch.start(() => keptStandIns(store.audit, [...sites.keys()]));
  }

  async stop(): Promise<void> {
    await this.#auditor.stop();
  }

  health(): ComponentHealth {
    const { error, ...details } = this.#auditor.state;
    return error === undefined ? { status: 'ok', details } : { status: 'degraded', error, details };
  }

  #follow(site: SiteId, { policy, incidents }: EscalatedSite): void {
    const { dueWorker, duty, clocks, logger, written } = this.#options;
    const expect = (atMs: number) => dueWorker.expect(atMs);
    const known = () => expect(clocks.wallMs());
    const work = new EscalationDueWork({
      ...{ site, policy, expect, written },
      duty: new DutyNow({ site, duty, clocks, logger, known }),
      reachedNobody: () => void this.#auditor.look(),
    });
    for (const [kind, handler] of Object.entries(work.handlers))
      dueWorker.handle(site, kind as DueKind, handler);
    incidents.also(escalationWriter({ site, policy, nowMs: clocks.wallMs, expect }));
  }
}
