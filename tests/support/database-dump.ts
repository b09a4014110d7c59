import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';

type Query = (text: string) => Promise<readonly Record<string, unknown>[]>;

const schemasLeftOut =
  "('pg_catalog', 'information_schema', '_timescaledb_catalog', '_timescaledb_config', '_timescaledb_internal')";

/** Every row of every table of ours as text; bytea as raw bytes, so that nothing hides behind compression or an encoding. */
async function dump(query: Query): Promise<{ readonly content: Buffer; readonly rows: number }> {
  const tables = await query(
    `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ${schemasLeftOut}`,
  );
  const parts: Buffer[] = [];
  let rows = 0;
  for (const { schema, name } of tables) {
    for (const row of await query(`SELECT * FROM "${schema}"."${name}"`)) {
      rows += 1;
      for (const value of Object.values(row))
        parts.push(
          value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(JSON.stringify(value) ?? ''),
        );
    }
  }
  return { content: Buffer.concat(parts), rows };
}

/** The embedded store’s content; nobody else may have it open. */
export async function dumpEmbedded(
  folder: string,
): Promise<{ readonly content: Buffer; readonly rows: number }> {
  const database = await PGlite.create(folder);
  try {
    return await dump(async (text) => (await database.query<Record<string, unknown>>(text)).rows);
  } finally {
    await database.close();
  }
}

/** A server’s content. */
export async function dumpServer(url: string): Promise<{ readonly content: Buffer; readonly rows: number }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await dump(async (text) => (await client.query(text)).rows);
  } finally {
    await client.end();
  }
}
