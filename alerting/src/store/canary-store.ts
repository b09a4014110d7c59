import { sql } from 'kysely';
import type { IncomingCanary } from '../ingest/ingest-batch.ts';
import { insertRows } from './json-rows.ts';
import { canaryKeptMs } from './policy.ts';
import type { Queryable } from './schema.ts';

/** What is known of the canaries of one gateway. */
export interface KnownCanaries {
  readonly gateway: string;
  /** Version of the gateway that sent the newest. */
  readonly version: string;
  readonly everyMs: number;
  /** The newest that was committed. */
  readonly stored: string;
  /** The newest that came out at the end of the chain, and when, RFC 3339; undefined before the first. */
  readonly told: { readonly id: string; readonly at: string } | undefined;
}

const oldest = sql`clock_timestamp() - ${`${canaryKeptMs} milliseconds`}::interval`;

/** Stores canaries, and forgets those of the same gateways that are too old. */
export async function insertCanaries(
  tx: Queryable,
  site: string,
  canaries: readonly IncomingCanary[],
): Promise<void> {
  if (canaries.length === 0) return;
  const rows = canaries.map(({ gateway, id, version, everyMs }) => ({
    ...{ site, gateway, id, version, every_ms: everyMs },
  }));
  await insertRows(tx, 'canary', rows, sql`on conflict do nothing`);
  const gateways = [...new Set(canaries.map(({ gateway }) => gateway))];
  await sql`delete from canary where site = ${site} and gateway in (${sql.join(gateways)})
    and stored_at < ${oldest}`.execute(tx);
}

/** The newest of each gateway. */
export async function knownCanaries(db: Queryable, site: string): Promise<KnownCanaries[]> {
  const { rows } = await sql<{
    gateway: string;
    version: string;
    every_ms: number;
    id: string;
    told: string | null;
    told_at: Date | null;
  }>`select newest.gateway, newest.version, newest.every_ms, newest.id, told.id as told, told.told_at
    from (select distinct on (gateway) gateway, version, every_ms, id from canary where site = ${site}
      order by gateway, position desc) as newest
    left join lateral (select id, told_at from canary where site = ${site} and gateway = newest.gateway
      and told_at is not null order by position desc limit 1) as told on true`.execute(db);
  return rows.map(({ gateway, version, every_ms: everyMs, id: stored, told: id, told_at: at }) => ({
    ...{ gateway, version, everyMs, stored },
    told: id === null || at === null ? undefined : { id, at: new Date(at).toISOString() },
  }));
}

/** Takes of these what has not come out yet, for this transaction. */
export async function takeCanaries(tx: Queryable, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('canary')
    .select('id')
    .where('id', 'in', ids)
    .where('told_at', 'is', null)
    .forUpdate()
    .skipLocked()
    .execute();
  return rows.map(({ id }) => id);
}

/** These came out at the end of the chain. */
export async function noteTold(db: Queryable, ids: readonly string[]): Promise<void> {
  await sql`update canary set told_at = clock_timestamp()
    where id in (${sql.join(ids)}) and told_at is null`.execute(db);
}

/** Forgets what is too old, but the newest of each gateway: by it one knows that more are to come. */
export async function forgetCanaries(db: Queryable, site: string): Promise<void> {
  await sql`delete from canary as old where site = ${site} and stored_at < ${oldest}
    and exists (select from canary as newer where newer.site = old.site and newer.gateway = old.gateway
      and newer.position > old.position)`.execute(db);
}
