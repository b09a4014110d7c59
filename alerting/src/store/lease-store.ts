import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** A gateway of a site. */
export interface LeasedGateway {
  readonly site: string;
  readonly gateway: string;
}

/** A gateway with the number under which it is held. */
export interface HeldLease extends LeasedGateway {
  readonly fence: number;
}

/** A run of a service. */
export interface LeaseHolder {
  readonly name: string;
  /** Of this run. */
  readonly id: string;
  /** How long it is believed to live without a word. */
  readonly leaseMs: number;
}

// Not `now()`: a transaction that was kept waiting must not speak of the time when it began.
const clock = sql`clock_timestamp()`;
const ahead = (ms: number) => sql`${clock} + ${ms} * interval '1 millisecond'`;
const recordsOf = (gateways: readonly LeasedGateway[]) =>
  sql`jsonb_to_recordset(${JSON.stringify(gateways.map(({ site, gateway }) => ({ site, gateway })))}::jsonb)
    as one(site text, gateway text)`;

/** A run of a service begins: what the run before it under the same name held is free. */
export async function beginService(
  db: Queryable,
  { name, id, leaseMs }: LeaseHolder,
  gateways: readonly LeasedGateway[],
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`update gateway_lease set holder = null, until = ${clock} from alerting_service as service
      where service.name = ${name} and gateway_lease.holder = service.id`.execute(tx);
    await sql`insert into alerting_service (name, id, until) values (${name}, ${id}, ${ahead(leaseMs)})
      on conflict (name) do update set id = excluded.id, until = excluded.until`.execute(tx);
    await sql`insert into gateway_lease (site, gateway, until) select site, gateway, ${clock}
      from ${recordsOf(gateways)} order by site, gateway on conflict do nothing`.execute(tx);
  });
}

/** What a holder learns when it says that it lives. */
export interface LeaseNews {
  /** Another run has its name, and is alive. */
  readonly isReplaced: boolean;
  /** What it has now. */
  readonly held: readonly HeldLease[];
  /** Services that are alive. */
  readonly services: number;
  /** Gateways that nobody has. */
  readonly free: readonly LeasedGateway[];
}

/**
 * A holder lives: its leases go on. Then it gives back what is more than its share of `gateways`, or takes
 * what nobody has up to that. Who commits something of a gateway at this moment keeps it.
 */
export function renewLeases(
  db: Queryable,
  { name, id, leaseMs }: LeaseHolder,
  gateways: readonly LeasedGateway[],
): Promise<LeaseNews> {
  return db.transaction().execute(async (tx) => {
    // The clock of the database was set back: nobody is believed for longer than a lease.
    const limits = sql`where until > ${ahead(2 * leaseMs)}`;
    await sql`update alerting_service set until = ${ahead(leaseMs)} ${limits}`.execute(tx);
    await sql`update gateway_lease set until = ${ahead(leaseMs)} ${limits}`.execute(tx);
    const { rows: mine } = await sql<{ id: string }>`insert into alerting_service as service (name, id, until)
      values (${name}, ${id}, ${ahead(leaseMs)})
      on conflict (name) do update set id = excluded.id, until = excluded.until
        where service.id = excluded.id or service.until <= ${clock} returning id`.execute(tx);
    if (mine.length === 0) return { isReplaced: true, held: [], services: 0, free: [] };
    const { rows: renewed } = await sql<HeldLease>`update gateway_lease set until = ${ahead(leaseMs)}
      where holder = ${id} returning site, gateway, fence`.execute(tx);
    const { rows: alive } = await sql<{ count: number }>`select count(*)::integer as count
      from alerting_service where until > ${clock}`.execute(tx);
    const services = Math.max(1, alive[0]?.count ?? 1);
    const share = Math.ceil(gateways.length / services);
    const known = new Set(gateways.map(({ site, gateway }) => `${site} ${gateway}`));
    const held = renewed.filter(({ site, gateway }) => known.has(`${site} ${gateway}`));
    const kept = held.slice(0, share);
    const given = renewed.filter((lease) => !kept.includes(lease));
    if (given.length > 0)
      await sql`update gateway_lease as lease set holder = null, until = ${clock} from ${recordsOf(given)}
        where lease.site = one.site and lease.gateway = one.gateway and lease.holder = ${id}`.execute(tx);
    const taken = await takeFree(tx, { name, id, leaseMs }, gateways, share - kept.length);
    const { rows: free } =
      await sql<LeasedGateway>`select lease.site, lease.gateway from gateway_lease as lease
      join ${recordsOf(gateways)} on lease.site = one.site and lease.gateway = one.gateway
      where lease.holder is null or lease.until <= ${clock}`.execute(tx);
    return { isReplaced: false, held: [...kept, ...taken], services, free };
  });
}

async function takeFree(
  tx: Queryable,
  { id, leaseMs }: LeaseHolder,
  gateways: readonly LeasedGateway[],
  most: number,
): Promise<readonly HeldLease[]> {
  if (most <= 0) return [];
  const { rows } = await sql<HeldLease>`with free as materialized (
      select lease.site, lease.gateway from gateway_lease as lease
      join ${recordsOf(gateways)} on lease.site = one.site and lease.gateway = one.gateway
      where lease.holder is null or lease.until <= ${clock}
      order by lease.site, lease.gateway limit ${sql.lit(most)} for update of lease skip locked
    ) update gateway_lease as lease set holder = ${id}, fence = lease.fence + 1, until = ${ahead(leaseMs)}
    from free where lease.site = free.site and lease.gateway = free.gateway
    returning lease.site, lease.gateway, lease.fence`.execute(tx);
  return rows;
}

/** A service ends: others may take what it held at once. */
export async function endService(db: Queryable, { id }: Pick<LeaseHolder, 'id'>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`update gateway_lease set holder = null, until = ${clock} where holder = ${id}`.execute(tx);
    await tx.deleteFrom('alerting_service').where('id', '=', id).execute();
  });
}

/**
 * The numbers under which gateways of a site are held, which nobody changes before the transaction ends;
 * renewing a lease is no such change.
 */
export async function lockFences(
  tx: Queryable,
  site: string,
  gateways: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx
    .selectFrom('gateway_lease')
    .select(['gateway', 'fence'])
    .where('site', '=', site)
    .where('gateway', 'in', gateways)
    .orderBy('gateway')
    .forKeyShare()
    .execute();
  return new Map(rows.map(({ gateway, fence }) => [gateway, Number(fence)]));
}
