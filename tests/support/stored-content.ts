import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';

export type Query = (text: string) => Promise<readonly Record<string, unknown>[]>;

const schemasLeftOut =
  "('pg_catalog', 'information_schema', '_timescaledb_catalog', '_timescaledb_config', '_timescaledb_internal')";

/**
 * Every row of every table of ours as text; bytea as raw bytes, so that nothing hides behind compression or
 * an encoding.
 */
export async function dumpTables(query: Query): Promise<{ readonly content: Buffer; readonly rows: number }> {
  const tables = await query(
    `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ${schemasLeftOut}`,
  );
  const parts: Buffer[] = [];
  let rows = 0;
  for (const { schema, name } of tables) {
    for (const row of await query(`SELECT * FROM "${schema}"."${name}"`)) {
      rows += 1;
      for (const value of Object.values(row)) parts.push(bytesOf(value));
    }
  }
  return { content: Buffer.concat(parts), rows };
}

const bytesOf = (value: unknown): Buffer =>
  value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(JSON.stringify(value) ?? '');

/** Opens the embedded store that Watchpost left; nobody else may have it open. */
export async function queryEmbedded<T>(folder: string, use: (query: Query) => Promise<T>): Promise<T> {
  const database = await PGlite.create(folder);
  try {
    await database.exec('SET search_path = "$user", public, watchpost_compat');
    return await use(async (text) => (await database.query<Record<string, unknown>>(text)).rows);
  } finally {
    await database.close();
  }
}

/** Opens a server’s database. */
export async function queryServer<T>(url: string, use: (query: Query) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(async (text) => (await client.query(text)).rows);
  } finally {
    await client.end();
  }
}
