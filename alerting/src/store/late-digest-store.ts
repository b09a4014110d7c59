import { sql } from 'kysely';
import { insertRows } from './json-rows.ts';
import type { LateGateway } from './schema/late-tables.ts';
import type { Queryable } from './schema.ts';

/** Late events of one kind in one commit. */
export interface LateKind {
  readonly gateway: string;
  /** Name of the text for the kind. */
  readonly term: string;
  readonly events: number;
  /** RFC 3339: when the first of them happened, and when the first and the last came. */
  readonly firstAt: string;
  readonly cameFirst: string;
  readonly cameLast: string;
}

/** Adds to what the next digest tells. */
export async function noteLateKinds(tx: Queryable, site: string, kinds: readonly LateKind[]): Promise<void> {
  const rows = kinds.map(({ gateway, term, events, firstAt, cameFirst, cameLast }) => ({
    ...{ site, gateway, term, events },
    ...{ first_at: firstAt, came_first: cameFirst, came_last: cameLast },
  }));
  await insertRows(
    tx,
    'late_counted',
    rows,
    sql`on conflict (site, gateway, term) do update set events = late_counted.events + excluded.events,
      first_at = least(late_counted.first_at, excluded.first_at),
      came_first = least(late_counted.came_first, excluded.came_first),
      came_last = greatest(late_counted.came_last, excluded.came_last)`,
  );
}

/** When the first and the last came that nobody was told of, milliseconds since the Unix epoch. */
export async function lateTimes(
  tx: Queryable,
  site: string,
): Promise<{ readonly firstMs: number; readonly lastMs: number } | undefined> {
  const { rows } = await sql<{ first: Date | null; last: Date | null }>`select min(came_first) as first,
    max(came_last) as last from late_counted where site = ${site}`.execute(tx);
  const { first, last } = rows[0] ?? {};
  if (!first || !last) return undefined;
  return { firstMs: new Date(first).getTime(), lastMs: new Date(last).getTime() };
}

/** Takes out what nobody was told of. */
export async function takeLateKinds(tx: Queryable, site: string): Promise<LateGateway[]> {
  const rows = await tx.deleteFrom('late_counted').where('site', '=', site).returningAll().execute();
  const least = (times: readonly Date[]) => new Date(Math.min(...times.map(Number))).toISOString();
  return [...new Set(rows.map(({ gateway }) => gateway))].sort().map((gateway) => {
    const own = rows.filter((row) => row.gateway === gateway).sort((a, b) => b.events - a.events);
    return {
      gateway,
      from: least(own.map((row) => row.first_at)),
      to: least(own.map((row) => row.came_first)),
      kinds: own.map(({ term, events }) => ({ term, events })),
    };
  });
}

/** Keeps a digest, and writes notices to those who are told of what is low; gives how many there are. */
export async function writeDigest(
  tx: Queryable,
  { site, id, subject, at }: { site: string; id: string; subject: string; at: string },
  gateways: readonly LateGateway[],
): Promise<number> {
  await tx
    .insertInto('late_digest')
    .values({ site, id, made_at: at, gateways: JSON.stringify(gateways) })
    .execute();
  const { rows } =
    await sql`insert into notice (site, id, subject, receiver, channel, seq, kind, severity, urgent,
      at, made_at, due_at)
    select receiver.site, gen_random_uuid(), ${subject}, receiver.id, receiver.channel, 0, 'updated',
      'low', false, ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
    from receiver where receiver.site = ${site} and receiver.off_at is null
      and exists (select from escalation_policy as policy where policy.site = receiver.site
        and policy.receiver = receiver.id and policy.severities @> '["low"]'::jsonb)
    on conflict do nothing returning id`.execute(tx);
  return rows.length;
}

/** A digest that was told; undefined where it is forgotten. */
export async function findDigest(
  db: Queryable,
  site: string,
  id: string,
): Promise<readonly LateGateway[] | undefined> {
  const row = await db
    .selectFrom('late_digest')
    .select('gateways')
    .where('site', '=', site)
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.gateways;
}

/** Deletes digests that were made before a time, RFC 3339. */
export async function forgetDigests(db: Queryable, site: string, before: string): Promise<void> {
  await sql`delete from late_digest where site = ${site} and made_at < ${before}::timestamptz`.execute(db);
}
