import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/**
 * The group role of those who only look: Grafana’s account belongs to it. The operator makes it;
 * `compose.yaml` shows how.
 */
export const readerRole = 'watchpost_reader';

/**
 * What analysts may read. Not in it: accounts, sessions, keys of the server, and the beginnings of rejected
 * messages, which may hold anything.
 */
const readable = [
  ...['event', 'telemetry', 'alert', 'alert_change', 'gateway_epoch', 'reject_count', 'place_risk'],
  ...[
    'event_hourly',
    'gateway_day',
    'device_disposition',
    'site_clock',
    'site_zone',
    'site_device',
    'device_status',
    'event_hour',
    'candidate_count',
    'candidate_expected',
  ],
];
/** Columns of tables that hold more than analysts may see. */
const readableColumns = {
  reject: ['position', 'received_at', 'site', 'topic', 'gateway', 'device', 'code', 'path', 'bytes'],
};

/**
 * Gives the reader role, where it exists, the right to select from {@link readable}. Run after every
 * migration.
 */
export async function grantToReaders(db: Queryable): Promise<void> {
  const role = sql.id(readerRole);
  const found = await sql`select from pg_roles where rolname = ${readerRole}`.execute(db);
  if (found.rows.length === 0) return;
  const { rows } = await sql<{ name: string; home: string }>`
    select relname as name, nspname as home from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = any (current_schemas(false)) and relkind in ('r', 'v', 'm', 'p')`.execute(db);
  // All of them: the functions that stand in for TimescaleDB's have a schema of their own.
  const schemas = await sql<{ home: string }>`select unnest(current_schemas(false)) as home`.execute(db);
  for (const { home } of schemas.rows)
    await sql`grant usage on schema ${sql.id(home)} to ${role}`.execute(db);
  for (const { name, home } of rows.filter((row) => readable.includes(row.name)))
    await sql`grant select on ${sql.id(home, name)} to ${role}`.execute(db);
  for (const [table, columns] of Object.entries(readableColumns))
    await sql`grant select (${sql.join(columns.map((column) => sql.id(column)))}) on ${sql.id(table)} to ${role}`.execute(
      db,
    );
}
