import type { ComponentHealth } from '@watchpost/contracts/api';
import type { ErrorCode } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { accountsWithChannel, peopleWithRole } from '../store/duty-people-store.ts';
import { replanShifts, type StoredShift } from '../store/duty-shift-store.ts';
import { findRota, rotasWithin } from '../store/duty-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { DutyStretch } from './duty-between.ts';
import { dutyCodes, dutyHealth } from './duty-health.ts';
import { dutyRoles } from './duty-roles.ts';
import { type DutyFault, findFaults, type PlannedRota } from './find-faults.ts';
import { loadRotas } from './load-rotas.ts';
import { dutyPolicy } from './policy.ts';
import type { Rota } from './rota.ts';
import { siteCalendar } from './site-calendar.ts';

/** What {@link ShiftPlanner} needs. */
export interface ShiftPlannerOptions {
  readonly db: Queryable;
  readonly sites: readonly SiteId[];
  readonly nowMs: () => number;
  readonly logger: Logger;
  /** Is told what is wrong with the plans of a site, each time they are looked at. */
  readonly onFaults: (site: SiteId, codes: readonly ErrorCode[]) => void;
}

/** What was found on a site, and when. */
export interface FoundFaults {
  readonly at: string;
  readonly faults: readonly DutyFault[];
}

/**
 * Plans shifts ahead and looks for what is wrong with them: at the start, every few minutes and after each
 * change. Who is on duty does not wait for it.
 */
export class ShiftPlanner {
  readonly #options: ShiftPlannerOptions;
  readonly #found = new Map<SiteId, FoundFaults>();
  readonly #failing = new Set<SiteId>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ShiftPlannerOptions) {
    this.#options = options;
  }

  start(): void {
    const { sites } = this.#options;
    const planAll = (): void => {
      for (const site of sites) void this.plan(site);
    };
    this.#timer = setInterval(planAll, dutyPolicy.planEveryMs);
    planAll();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** What is wrong on a site; undefined: nobody has looked yet. */
  found(site: SiteId): FoundFaults | undefined {
    return this.#found.get(site);
  }

  health(): ComponentHealth {
    return dutyHealth(
      [...this.#found.values()].flatMap(({ faults }) => faults),
      this.#failing.size > 0,
    );
  }

  /** Plans a site now, after what runs already. A failure is logged, and tried again later. */
  plan(site: SiteId): Promise<void> {
    this.#running = this.#running.then(() =>
      this.#plan(site).then(
        () => void this.#failing.delete(site),
        (err: unknown) => {
          this.#failing.add(site);
          this.#options.logger.warn({ err, site, error: 'duty.failed' }, 'shifts were not planned');
        },
      ),
    );
    return this.#running;
  }

  async #plan(site: SiteId): Promise<void> {
    const { db, nowMs, onFaults } = this.#options;
    const now = nowMs();
    const stored = await rotasWithin(db, [{ site, zones: null }]);
    const rotas: PlannedRota[] = [];
    const calendar = await siteCalendar(db, site);
    const time = { fromMs: now - dutyPolicy.lookBackMs, untilMs: now + dutyPolicy.plannedMs };
    for (const { stored: kept, rota } of await loadRotas(db, stored, calendar, time)) {
      const { dutyBetween } = await import('./duty-between.ts');
      const stretches = dutyBetween(rota, time.fromMs, time.untilMs).filter(({ untilMs }) => untilMs > now);
      await this.#write(site, kept.id, kept.version, shiftsOf(rota, stretches), now);
      const ahead = stretches.map((one) => ({ ...one, fromMs: Math.max(one.fromMs, now) }));
      rotas.push({ ...kept, rota, stretches: ahead });
    }
    const people = new Set(
      stored.length === 0 ? [] : (await peopleWithRole(db, site, dutyRoles)).map(({ id }) => id),
    );
    const reachable = await accountsWithChannel(db, site);
    const faults = findFaults({ nowMs: now, rotas, people, reachable });
    this.#found.set(site, { at: new Date(now).toISOString(), faults });
    onFaults(site, dutyCodes(faults));
  }

  /** Writes the shifts of one version of a rota; a newer one is planned after its own change. */
  async #write(
    site: SiteId,
    rota: string,
    version: number,
    shifts: readonly StoredShift[],
    nowMs: number,
  ): Promise<void> {
    await this.#options.db.transaction().execute(async (tx) => {
      const current = await findRota(tx, [{ site, zones: null }], rota, true);
      if (current?.version === version)
        await replanShifts(tx, site, rota, shifts, new Date(nowMs).toISOString());
    });
  }
}

/** The stretches in which somebody is on duty, as they are kept. */
function shiftsOf({ layers }: Rota, stretches: readonly DutyStretch[]): readonly StoredShift[] {
  return stretches.flatMap(({ fromMs, untilMs, onDuty }) => {
    if (!onDuty) return [];
    const { cause, person } = onDuty;
    const source = cause.kind === 'rotation' ? (layers[cause.layer]?.name ?? '') : cause.id;
    return [
      {
        ...{ rota: '', person, cause: cause.kind, source },
        from: new Date(fromMs).toISOString(),
        until: new Date(untilMs).toISOString(),
      },
    ];
  });
}
