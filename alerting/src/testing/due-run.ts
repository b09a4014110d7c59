import type { Alert } from '@watchpost/contracts/alert';
import { pino } from 'pino';
import { AlertDueWork } from '../alerts/alert-due-work.ts';
import { systemGateway } from '../health/loss-finding.ts';
import type { DueHandler } from '../jobs/due-handler.ts';
import type { DueKind } from '../jobs/due-step.ts';
import { DueWorker } from '../jobs/due-worker.ts';
import { defaultPolicy } from '../policy.ts';
import type { StoreRun } from './store-run.ts';

/** What time does to a store, with a clock that a test moves; what it told of alerts. */
export class DueRun {
  readonly worker: DueWorker;
  readonly told: Alert[] = [];
  /** How late each step was, by its kind. */
  readonly late: (readonly [DueKind, number])[] = [];
  #wallMs = Date.now();
  #monotonicMs = 0;
  readonly #ends: (() => void)[];

  /** Until {@link DueRun.end} changes of the run's alerts have their consequences. */
  constructor(
    run: StoreRun,
    unknown: readonly string[] = [],
    handlers: Partial<Record<DueKind, DueHandler>> = {},
  ) {
    const { db, changes } = run.store;
    const { gateways, devices } = run.directory.site;
    const sources = [systemGateway, ...gateways, ...devices.map(({ id }) => id)];
    this.worker = new DueWorker({
      ...{ db, changes, logger: pino({ level: 'silent' }) },
      clocks: { wallMs: () => this.#wallMs, monotonicMs: () => this.#monotonicMs },
      late: (kind, ms) => this.late.push([kind, ms]),
    });
    const work = new AlertDueWork({
      site: run.site,
      policy: defaultPolicy,
      knownSources: new Set(sources.filter((source) => !unknown.includes(source))),
    });
    for (const [kind, handler] of Object.entries({ ...work.handlers, ...handlers }))
      this.worker.handle(run.site, kind as DueKind, handler);
    this.#ends = [
      changes.also(work.write),
      changes.listen((committed) => this.told.push(...committed.map(({ alert }) => alert))),
    ];
  }

  get nowMs(): number {
    return this.#wallMs;
  }

  /** Somebody sets the clock. */
  set(ms: number): void {
    this.#wallMs += ms;
  }

  /** Time passes while nothing is done. */
  sleep(ms: number): void {
    this.#wallMs += ms;
    this.#monotonicMs += ms;
  }

  /** Time passes; what becomes due is done at its time. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#monotonicMs + ms;
    for (;;) {
      const nextMs = (await this.worker.look()) ?? Number.POSITIVE_INFINITY;
      const leftMs = untilMs - this.#monotonicMs;
      const waitMs = Math.max(0, nextMs - this.#wallMs);
      if (waitMs > leftMs) return this.sleep(leftMs);
      this.sleep(waitMs);
    }
  }

  /** What was told of an alert. */
  toldOf(id: string): Alert[] {
    return this.told.filter((alert) => alert.id === id);
  }

  end(): void {
    for (const end of this.#ends) end();
  }
}
