import type { GatewayStatus, ListKind } from '@watchpost/contracts/api';
import type { Logger } from 'pino';
import { addExpected, type ExpectedCandidates, listShares } from '../store/candidate-store.ts';
import type { Queryable } from '../store/schema.ts';
import { candidatePolicy } from './policy.ts';

/** What {@link ExpectationRecorder} needs. */
export interface ExpectationRecorderOptions {
  readonly db: Queryable;
  readonly site: string;
  readonly gateways: () => readonly GatewayStatus[];
  readonly nowMs: () => number;
  /** By default the process's own clock, which nobody sets. */
  readonly monotonicMs?: () => number;
  readonly logger: Logger;
}

const dayMs = 86_400_000;

/**
 * What a stretch of time adds to the expected numbers: the camera’s own number, shared between the lists by
 * their entries. Only gateways that are there say something.
 */
export function expectedIn(
  gateways: readonly GatewayStatus[],
  shares: ReadonlyMap<ListKind, number>,
  { site, day, elapsedMs }: { readonly site: string; readonly day: string; readonly elapsedMs: number },
): ExpectedCandidates[] {
  const lists = shares.size > 0 ? shares : new Map<ListKind, number>([['watch', 1]]);
  return gateways
    .filter(({ status }) => status === 'online')
    .flatMap(({ devices }) => devices)
    .flatMap(({ device, faces }) =>
      faces
        ? [...lists].map(([list, share]) => ({
            ...{ site, device, list, day },
            false_candidates: (faces.expectedFalsePerDay * share * elapsedMs) / dayMs,
            seconds: Math.round(elapsedMs / 1000),
          }))
        : [],
    );
}

/** Writes down how many false candidates each camera of a site expects, for as long as it says so. */
export class ExpectationRecorder {
  readonly #options: ExpectationRecorderOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #notedAtMs: number | undefined;

  constructor(options: ExpectationRecorderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#notedAtMs = this.#monotonicMs();
    this.#timer = setInterval(() => {
      this.#running ??= this.note().finally(() => {
        this.#running = undefined;
      });
    }, candidatePolicy.noteEveryMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /**
   * Notes the time since the last note. Does not throw: what could not be noted counts with the next time.
   */
  async note(): Promise<void> {
    const { db, site, gateways, nowMs, logger } = this.#options;
    const atMs = this.#monotonicMs();
    const elapsedMs = Math.min(atMs - (this.#notedAtMs ?? atMs), candidatePolicy.notedAtMostMs);
    const day = new Date(nowMs()).toISOString().slice(0, 10);
    try {
      const rows = expectedIn(gateways(), await listShares(db, site), { site, day, elapsedMs });
      await addExpected(db, rows);
      this.#notedAtMs = atMs;
    } catch (err) {
      logger.warn({ err }, 'how many false candidates are expected could not be stored');
    }
  }

  #monotonicMs(): number {
    return (this.#options.monotonicMs ?? performance.now.bind(performance))();
  }
}
