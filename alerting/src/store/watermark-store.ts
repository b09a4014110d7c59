import { sql } from 'kysely';
import type { Watermark } from '../ingest/watermark.ts';
import { insertRows, rowsOf } from './json-rows.ts';
import type { EpochKey } from './position-store.ts';
import type { Queryable } from './schema.ts';

/** Names an epoch of a site. */
export const epochName = ({ gateway, epoch }: Pick<EpochKey, 'gateway' | 'epoch'>): string =>
  `${gateway} ${epoch}`;

/** A watermark, since when its epoch is known, and whether its gateway has had another one. */
export type LockedWatermark = Watermark & { readonly firstSeenMs: number; readonly hasOthers: boolean };

/**
 * Locks the watermarks of epochs of a site for the rest of the transaction, in their order, making those that
 * are new: whoever handles events of the same epoch at the same time waits here, so a position is never
 * handled twice. By {@link epochName}.
 */
export async function lockWatermarks(
  tx: Queryable,
  site: string,
  keys: readonly EpochKey[],
  now: string,
): Promise<ReadonlyMap<string, LockedWatermark>> {
  if (keys.length === 0) return new Map();
  const rows = keys.map((key) => ({ ...key, seq: 0, waiting: 0, first_seen: now, last_seen: now }));
  const columns = sql`site, gateway, epoch, seq, waiting, first_seen, last_seen`;
  const { rows: locked } = await sql<{
    gateway: string;
    epoch: string;
    seq: number;
    waiting: number;
    first_seen: Date;
    has_others: boolean;
  }>`insert into gateway_epoch (${columns}) select ${columns} from ${rowsOf('gateway_epoch', rows)}
    on conflict (site, gateway, epoch) do update set last_seen = excluded.last_seen
    returning gateway, epoch, seq, waiting, first_seen, exists (select from gateway_epoch as other
      where other.site = gateway_epoch.site and other.gateway = gateway_epoch.gateway
        and other.epoch <> gateway_epoch.epoch) as has_others`.execute(tx);
  const above = await aboveOf(
    tx,
    site,
    locked.filter(({ waiting }) => waiting > 0),
  );
  return new Map(
    locked.map(({ seq, first_seen, has_others: hasOthers, ...key }) => {
      const name = epochName(key);
      const firstSeenMs = first_seen.getTime();
      return [name, { seq: Number(seq), above: above.get(name) ?? new Set(), firstSeenMs, hasOthers }];
    }),
  );
}

/** The positions above the watermarks of these epochs. */
async function aboveOf(
  tx: Queryable,
  site: string,
  epochs: readonly Pick<EpochKey, 'gateway' | 'epoch'>[],
): Promise<ReadonlyMap<string, Set<number>>> {
  const above = new Map<string, Set<number>>();
  if (epochs.length === 0) return above;
  const keys = epochs.map(({ gateway, epoch }) => ({ gateway, epoch }));
  const { rows } = await sql<{
    gateway: string;
    epoch: string;
    seq: number;
  }>`select above.gateway, above.epoch,
      above.seq from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as one(gateway text, epoch text)
    join gateway_above as above
      on above.site = ${site} and above.gateway = one.gateway and above.epoch = one.epoch`.execute(tx);
  for (const { seq, ...key } of rows) {
    const name = epochName(key);
    above.set(name, (above.get(name) ?? new Set()).add(Number(seq)));
  }
  return above;
}

/** How a watermark moved. */
export interface MovedWatermark {
  readonly key: EpochKey;
  readonly before: Watermark;
  readonly after: Watermark;
}

/** Writes the differences between watermarks of the same epochs. */
export async function saveWatermarks(
  tx: Queryable,
  site: string,
  moved: readonly MovedWatermark[],
): Promise<void> {
  const changed = moved.filter(
    ({ before, after }) => after.seq !== before.seq || after.above.size !== before.above.size,
  );
  if (changed.length === 0) return;
  await insertRows(
    tx,
    'gateway_above',
    changed.flatMap(({ key, before, after }) =>
      [...after.above].filter((seq) => !before.above.has(seq)).map((seq) => ({ ...key, seq })),
    ),
  );
  for (const { key, after } of changed.filter(({ before }) => before.above.size > 0))
    await tx
      .deleteFrom('gateway_above')
      .where('site', '=', key.site)
      .where('gateway', '=', key.gateway)
      .where('epoch', '=', key.epoch)
      .where('seq', '<=', after.seq)
      .execute();
  const rows = changed.map(({ key: { gateway, epoch }, after }) => ({
    ...{ gateway, epoch, seq: after.seq, waiting: after.above.size },
  }));
  await sql`update gateway_epoch set seq = moved.seq, waiting = moved.waiting
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as moved(gateway text, epoch text, seq bigint, waiting integer)
    where gateway_epoch.site = ${site} and gateway_epoch.gateway = moved.gateway
      and gateway_epoch.epoch = moved.epoch`.execute(tx);
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
