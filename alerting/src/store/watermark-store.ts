import type { Watermark } from '../ingest/watermark.ts';
import type { EpochKey } from './position-store.ts';
import type { Queryable } from './schema.ts';

/**
 * Locks the watermark of an epoch for the rest of the transaction, making it when it is new: whoever handles
 * events of the same epoch at the same time waits here, so a position is never handled twice.
 */
export async function lockWatermark(
  tx: Queryable,
  key: EpochKey,
  now: string,
): Promise<Watermark & { readonly firstSeenMs: number }> {
  const row = await tx
    .insertInto('gateway_epoch')
    .values({ ...key, seq: 0, waiting: 0, first_seen: now, last_seen: now })
    .onConflict((conflict) => conflict.columns(['site', 'gateway', 'epoch']).doUpdateSet({ last_seen: now }))
    .returning(['seq', 'waiting', 'first_seen'])
    .executeTakeFirstOrThrow();
  const firstSeenMs = row.first_seen.getTime();
  if (row.waiting === 0) return { seq: row.seq, above: new Set(), firstSeenMs };
  const above = await tx
    .selectFrom('gateway_above')
    .select('seq')
    .where('site', '=', key.site)
    .where('gateway', '=', key.gateway)
    .where('epoch', '=', key.epoch)
    .execute();
  return { seq: row.seq, above: new Set(above.map(({ seq }) => seq)), firstSeenMs };
}

/** Writes the difference between two watermarks of the same epoch. */
export async function saveWatermark(
  tx: Queryable,
  key: EpochKey,
  before: Watermark,
  after: Watermark,
): Promise<void> {
  if (after.seq === before.seq && after.above.size === before.above.size) return;
  const added = [...after.above].filter((seq) => !before.above.has(seq));
  if (added.length > 0) {
    await tx
      .insertInto('gateway_above')
      .values(added.map((seq) => ({ ...key, seq })))
      .execute();
  }
  if (before.above.size > 0) {
    await tx
      .deleteFrom('gateway_above')
      .where('site', '=', key.site)
      .where('gateway', '=', key.gateway)
      .where('epoch', '=', key.epoch)
      .where('seq', '<=', after.seq)
      .execute();
  }
  await tx
    .updateTable('gateway_epoch')
    .set({ seq: after.seq, waiting: after.above.size })
    .where('site', '=', key.site)
    .where('gateway', '=', key.gateway)
    .where('epoch', '=', key.epoch)
    .execute();
}

/**
 * The newest epoch of every gateway of a site with its watermark, for receipts after a start or a
 * reconnection.
 */
export async function newestWatermarks(db: Queryable, site: string): Promise<(EpochKey & { seq: number })[]> {
  return db
    .selectFrom('gateway_epoch')
    .distinctOn('gateway')
    .select(['site', 'gateway', 'epoch', 'seq'])
    .where('site', '=', site)
    .orderBy('gateway')
    .orderBy('last_seen', 'desc')
    .execute();
}

/** The watermark of an epoch, 0 for one that was never heard of. */
export async function watermarkOf(db: Queryable, { site, gateway, epoch }: EpochKey): Promise<number> {
  const row = await db
    .selectFrom('gateway_epoch')
    .select('seq')
    .where('site', '=', site)
    .where('gateway', '=', gateway)
    .where('epoch', '=', epoch)
    .executeTakeFirst();
  return Number(row?.seq ?? 0);
}
