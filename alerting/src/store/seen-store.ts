import type { SeenAlert, SeenVersions } from '@watchpost/contracts/api';
import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** Whose marks are meant. */
export interface SeenBy {
  /** Id of the account. */
  readonly account: string;
  /** Its name: who acknowledged an alert has seen it. */
  readonly user: string;
}

/** What was marked, or is not any more. */
export interface SeenMark {
  readonly site: string;
  readonly alert: string;
  readonly version: number;
}

/** Which alerts of a site exist for the person. */
export interface SeenScope {
  readonly site: string;
  /** Null: of all of its zones. */
  readonly zones: readonly string[] | null;
}

const ofZones = (zones: readonly string[] | null): RawBuilder<unknown> =>
  zones === null ? sql`` : sql`and alert.zone = any(${sql.val([...zones])}::text[])`;

/**
 * Whether an alert is new to somebody: unresolved and never seen, or graver or open again since. Who took it
 * has seen it.
 */
export const isUnseenBy = ({ account, user }: SeenBy): RawBuilder<boolean> => sql<boolean>`(
  alert.state in ('open', 'acknowledged', 'in_progress') and alert.acknowledged_by is distinct from ${user}
  and not exists (select from alert_seen as seen where seen.site = alert.site and seen.alert = alert.id
    and seen.account = ${account}::uuid
    and coalesce((alert.changed_in ->> 'severity')::integer, 0) <= seen.version
    and (alert.state <> 'open' or coalesce((alert.changed_in ->> 'state')::integer, 0) <= seen.version)))`;

const marking = sql`on conflict (site, alert, account) do update
  set version = excluded.version, request = excluded.request where alert_seen.version < excluded.version
  returning site, alert, version`;

/** Somebody has seen these alerts. Gives those that were new in that version. */
export async function markSeen(
  db: Queryable,
  { site, zones }: SeenScope,
  { account, request }: { readonly account: string; readonly request: string },
  alerts: readonly SeenAlert[],
): Promise<readonly SeenMark[]> {
  const { rows } = await sql<SeenMark>`insert into alert_seen (site, alert, account, version, request)
    select alert.site, alert.id, ${account}::uuid, least(alert.version, marked.version), ${request}::uuid
    from jsonb_to_recordset(${JSON.stringify(alerts)}::jsonb) as marked (id uuid, version integer)
    join alert on alert.site = ${site} and alert.id = marked.id
    where alert.state <> 'closed' ${ofZones(zones)} ${marking}`.execute(db);
  return rows;
}

/** Somebody has seen all that is new to them on a site, so much at most. */
export async function markAllSeen(
  db: Queryable,
  { site, zones }: SeenScope,
  { account, user, request }: SeenBy & { readonly request: string },
  atMost: number,
): Promise<readonly SeenMark[]> {
  const { rows } = await sql<SeenMark>`insert into alert_seen (site, alert, account, version, request)
    select alert.site, alert.id, ${account}::uuid, alert.version, ${request}::uuid
    from alert where alert.site = ${site} and ${isUnseenBy({ account, user })} ${ofZones(zones)}
      and not exists (select from alert_seen as done where done.account = ${account}::uuid
        and done.request = ${request}::uuid and done.site = alert.site)
    limit ${sql.lit(atMost)} ${marking}`.execute(db);
  return rows;
}

/** Takes back what a request of this person marked. */
export async function forgetSeenRequest(
  db: Queryable,
  account: string,
  request: string,
): Promise<readonly SeenMark[]> {
  const { rows } = await sql<SeenMark>`delete from alert_seen
    where account = ${account}::uuid and request = ${request}::uuid returning site, alert, version`.execute(
    db,
  );
  return rows;
}

/** Up to which version somebody has seen which of these alerts. */
export async function seenVersions(
  db: Queryable,
  account: string,
  alerts: readonly { readonly site: string; readonly id: string }[],
): Promise<SeenVersions> {
  if (alerts.length === 0) return {};
  const { rows } = await sql<{ alert: string; version: number }>`select alert, version from alert_seen
    where site = any(${sql.val([...new Set(alerts.map(({ site }) => site))])}::text[])
      and alert = any(${sql.val(alerts.map(({ id }) => id))}::uuid[])
      and account = ${account}::uuid`.execute(db);
  return Object.fromEntries(rows.map(({ alert, version }) => [alert, Number(version)]));
}

/** How many alerts of these sites are new to somebody. */
export async function countUnseen(
  db: Queryable,
  { account, user }: SeenBy,
  sites: readonly string[],
  within: Readonly<Record<string, readonly string[]>>,
): Promise<number> {
  const counts = await Promise.all(
    sites.map(async (site) => {
      const { rows } = await sql<{ alerts: number }>`select count(*)::integer as alerts
        from alert where alert.site = ${site} and ${isUnseenBy({ account, user })} ${ofZones(within[site] ?? null)}`.execute(
        db,
      );
      return Number(rows[0]?.alerts ?? 0);
    }),
  );
  return counts.reduce((all, count) => all + count, 0);
}

/** Nobody has to know any more who saw what is closed; opened again, it is new to everybody. */
export async function forgetSeen(db: Queryable, site: string): Promise<void> {
  await sql`delete from alert_seen using alert where alert_seen.site = ${site} and alert.site = ${site}
    and alert_seen.alert = alert.id and alert.state = 'closed'`.execute(db);
}
