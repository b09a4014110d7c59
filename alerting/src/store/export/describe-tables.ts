import type { CopyConnection } from './copy-connection.ts';
import { quoted } from './copy-connection.ts';

/** What is needed to make the tables of a database anew and fill them. */
export interface TableShape {
  readonly postgres: string;
  readonly timescale: string | null;
  /** Names of the migrations that have run. */
  readonly migrations: readonly string[];
  /** In an order in which rows find what they refer to; columns without those that the database computes. */
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[];
  /** Counters of columns, which must not give out a number again. */
  readonly sequences: readonly SequenceState[];
  /** All of the database on its disk. */
  readonly bytes: number;
}

/** Where a counter of a column stands. */
export interface SequenceState {
  readonly table: string;
  readonly column: string;
  readonly last: number;
  /** Whether `last` was given out already. */
  readonly called: boolean;
}

/** Kysely’s own two tables: made anew by the migrations. */
const migrationTables = ['watchpost_migration', 'watchpost_migration_lock'];

/**
 * Ours are the tables beside that of our migrations and of its owner, whatever else the database holds:
 * TimescaleDB keeps its own in other schemas.
 */
const ourTables = `select c.oid, c.relname as name from pg_class as c
  join pg_class as ours on ours.oid = to_regclass('watchpost_migration')
  where c.relnamespace = ours.relnamespace and c.relowner = ours.relowner and c.relkind in ('r', 'p')
    and c.relname <> all ($1)`;

/** Reads from the catalogue what tables there are. An empty database has none. */
export async function describeTables(connection: CopyConnection): Promise<TableShape> {
  const [version] = await connection.query<{ postgres: string; timescale: string | null; bytes: string }>(
    `select current_setting('server_version') as postgres, pg_database_size(current_database())::text as bytes,
      (select extversion from pg_extension where extname = 'timescaledb') as timescale`,
  );
  const about = {
    postgres: version?.postgres ?? 'unknown',
    timescale: version?.timescale ?? null,
    bytes: Number(version?.bytes ?? 0),
  };
  const [known] = await connection.query<{ there: boolean }>(
    `select to_regclass('watchpost_migration') is not null as there`,
  );
  if (!known?.there) return { ...about, migrations: [], tables: [], sequences: [] };
  const migrations = await connection.query<{ name: string }>(
    'select name from watchpost_migration order by name',
  );
  return {
    ...about,
    migrations: migrations.map(({ name }) => name),
    tables: await tablesOf(connection),
    sequences: await sequencesOf(connection),
  };
}

async function tablesOf(connection: CopyConnection): Promise<TableShape['tables']> {
  const columns = await connection.query<{ name: string; columns: string[] }>(
    `select t.name, array_agg(a.attname::text order by a.attnum) as columns from (${ourTables}) as t
      join pg_attribute as a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      group by t.name order by t.name`,
    [migrationTables],
  );
  const references = await connection.query<{ from: string; to: string }>(
    `select t.name as from, r.name as to from pg_constraint as c join (${ourTables}) as t on t.oid = c.conrelid
      join (${ourTables}) as r on r.oid = c.confrelid where c.contype = 'f' and t.oid <> r.oid`,
    [migrationTables],
  );
  return inOrder(columns, references);
}

/** What is referred to comes first. */
function inOrder<T extends { readonly name: string }>(
  tables: readonly T[],
  references: readonly { readonly from: string; readonly to: string }[],
): T[] {
  const done = new Set<string>();
  const ordered: T[] = [];
  while (ordered.length < tables.length) {
    const next = tables.filter(
      ({ name }) => !done.has(name) && references.every(({ from, to }) => from !== name || done.has(to)),
    );
    // A circle would need constraints that wait for the commit.
    if (next.length === 0) throw new Error('tables refer to each other in a circle');
    for (const table of next) {
      done.add(table.name);
      ordered.push(table);
    }
  }
  return ordered;
}

async function sequencesOf(connection: CopyConnection): Promise<readonly SequenceState[]> {
  const sequences = await connection.query<{ table: string; column: string; sequence: string }>(
    `select t.name as table, a.attname::text as column, s.oid::regclass::text as sequence
      from (${ourTables}) as t join pg_depend as d on d.refobjid = t.oid and d.deptype in ('a', 'i')
        and d.refclassid = 'pg_class'::regclass and d.classid = 'pg_class'::regclass
      join pg_class as s on s.oid = d.objid and s.relkind = 'S'
      join pg_attribute as a on a.attrelid = t.oid and a.attnum = d.refobjsubid order by 1, 2`,
    [migrationTables],
  );
  const states: SequenceState[] = [];
  for (const { table, column, sequence } of sequences) {
    // The name comes quoted where it must be.
    const [state] = await connection.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${sequence}`,
    );
    if (state) states.push({ table, column, last: Number(state.last), called: state.called });
  }
  return states;
}

/** Triggers that we made ourselves: rows that come back must not set them off again. */
export async function ownTriggers(
  connection: CopyConnection,
): Promise<readonly { readonly table: string; readonly trigger: string }[]> {
  return connection.query<{ table: string; trigger: string }>(
    `select t.name as table, g.tgname::text as trigger from (${ourTables}) as t
      join pg_trigger as g on g.tgrelid = t.oid join pg_proc as p on p.oid = g.tgfoid
      join pg_class as ours on ours.oid = to_regclass('watchpost_migration')
      where not g.tgisinternal and p.pronamespace = ours.relnamespace order by 1, 2`,
    [migrationTables],
  );
}

/** Whether any of the tables has a row. */
export async function hasRows(connection: CopyConnection, tables: TableShape['tables']): Promise<boolean> {
  for (const { name } of tables) {
    const [first] = await connection.query<{ one: number }>(`select 1 as one from ${quoted(name)} limit 1`);
    if (first) return true;
  }
  return false;
}
