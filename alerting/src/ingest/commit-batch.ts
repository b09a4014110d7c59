import type { Alert } from '@watchpost/contracts/alert';
import { noteLate } from '../late/late-digest.ts';
import { lateKindsOf } from '../late/late-kinds.ts';
import { gatewaysOf } from '../leases/held-batch.ts';
import { allHeld, type Leases } from '../leases/leases.ts';
import { insertCanaries } from '../store/canary-store.ts';
import type { AppendChanges, ChangeLog } from '../store/change-log.ts';
import { episodesOf } from '../store/episodes.ts';
import { insertEvents } from '../store/event-store.ts';
import { countLate, saveLateConditions } from '../store/late-store.ts';
import { addIncidents } from '../store/place-risk-store.ts';
import { insertRejects } from '../store/reject-store.ts';
import type { Queryable } from '../store/schema.ts';
import { insertTelemetry } from '../store/telemetry-store.ts';
import { decideBatch } from './decide-batch.ts';
import type { DecisionContext } from './decision-context.ts';
import { type EpochPosition, handlePositions, type NewlyHandled } from './handle-positions.ts';
import type { IngestBatch } from './ingest-batch.ts';
import { settleLate } from './settle-late.ts';
import { timeRejects } from './time-rejects.ts';

/** What a commit changed, to be told to the world after it. */
export interface CommitResult {
  /** Watermarks to acknowledge: every epoch that the batch touched, repeats included. */
  readonly receipts: readonly EpochPosition[];
  readonly alerts: readonly Alert[];
  readonly fresh: NewlyHandled;
  readonly heatChanged: boolean;
  /** Events that came too late to page anybody, by gateway. */
  readonly late: ReadonlyMap<string, number>;
  /** Gateways that reported something late that may still hold. */
  readonly unsettled: readonly string[];
}

function added(...counts: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const [key, count] of counts.flatMap((map) => [...map])) sum.set(key, (sum.get(key) ?? 0) + count);
  return sum;
}

/**
 * Commits what some messages bring in one transaction: new events with their risk, what they do to alerts and
 * to the map, measurements, rejects, and the watermarks that say so. Either all of it is stored or nothing.
 * @throws LeaseLost when another service speaks for one of its gateways: nothing is stored
 */
export function commitBatch(
  changes: Pick<ChangeLog, 'commit'>,
  batch: IngestBatch,
  context: DecisionContext,
  leases: Pick<Leases, 'require'> = allHeld,
): Promise<CommitResult> {
  return changes.commit(async (tx, append) => {
    await leases.require(tx, context.directory.site.id, gatewaysOf(batch));
    return commitIn(tx, append, batch, context);
  });
}

/** Does what {@link commitBatch} does, in a transaction that is open. */
export async function commitIn(
  tx: Queryable,
  append: AppendChanges,
  batch: IngestBatch,
  context: DecisionContext,
): Promise<CommitResult> {
  const { site } = context.directory;
  const { receipts, fresh } = await handlePositions(tx, site.id, batch, context.newId, context.nowMs);
  const {
    scored,
    alerts,
    entries,
    conditions,
    late: decidedLate,
    unalerted,
    mapChanged,
  } = await decideBatch(tx, fresh.events, context);
  const incidents = await episodesOf(tx, site.id, unalerted, context.policy);
  await insertEvents(tx, scored);
  await saveLateConditions(tx, site.id, conditions);
  await insertCanaries(tx, site.id, fresh.canaries);
  const settled = await settleLate(tx, batch.settled, context);
  const late = added(decidedLate, settled.late);
  await countLate(tx, site.id, late);
  await noteLate(tx, site.id, lateKindsOf(fresh.events), context.nowMs);
  await addIncidents(tx, site.id, incidents);
  for (const { gateway, measurements } of batch.telemetry) {
    await insertTelemetry(tx, site.id, gateway, measurements);
  }
  const rejects = [...fresh.rejects, ...timeRejects(fresh.events, context.newId)];
  await insertRejects(tx, site.id, rejects);
  await append([...entries, ...settled.entries]);
  return {
    receipts,
    alerts: [...alerts, ...settled.alerts],
    fresh: { ...fresh, rejects },
    heatChanged: mapChanged || settled.mapChanged || incidents.length > 0,
    late,
    unsettled: [...new Set(conditions.map(({ gateway }) => gateway))],
  };
}
