import type { EmbeddedDatabase } from '../embedded-database.ts';
import { copyPolicy } from '../policy.ts';
import { type CopyConnection, copySettings } from './copy-connection.ts';

const { pagesAtOnce, rowsAtOnceBytes } = copyPolicy;

/**
 * A connection for copying to an embedded database that nobody else uses: a copy of a running one, or a new
 * one. Closing it leaves the database open.
 */
export async function embeddedCopy(database: EmbeddedDatabase): Promise<CopyConnection> {
  const query = async <T extends object>(text: string, values: readonly unknown[] = []) =>
    (await database.query<T>(text, [...values])).rows;
  for (const setting of copySettings) await query(setting);
  return {
    query,
    copyOut: (table, columns) => pages(database, table, columns),
    copyIn: async (table, columns, chunks) => {
      const text = `copy ${table} (${columns.join(', ')}) from '/dev/blob'`;
      let rows = 0;
      for await (const piece of wholeRows(chunks)) rows += await database.copyIn(text, piece);
      return rows;
    },
    close: async () => undefined,
  };
}

/** In pieces, because each one is in memory as a whole; nobody changes the table meanwhile. */
async function* pages(
  database: EmbeddedDatabase,
  table: string,
  columns: readonly string[],
): AsyncGenerator<Uint8Array> {
  const { rows } = await database.query<{ pages: number }>(
    `select (pg_relation_size('${table.replaceAll("'", "''")}') / current_setting('block_size')::bigint)::integer as pages`,
    [],
  );
  const last = rows[0]?.pages ?? 0;
  for (let page = 0; page < last; page += pagesAtOnce) {
    const range = `ctid >= '(${page},0)' and ctid < '(${page + pagesAtOnce},0)'`;
    const select = `select ${columns.join(', ')} from ${table} where ${range}`;
    const bytes = await database.copyOut(`copy (${select}) to '/dev/blob'`);
    if (bytes.length > 0) yield bytes;
  }
}

/** The same bytes in pieces that end where a row does. */
async function* wholeRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes < rowsAtOnceBytes) continue;
    const all = Buffer.concat(waiting);
    const end = all.lastIndexOf(10) + 1;
    if (end > 0) yield all.subarray(0, end);
    waiting = [all.subarray(end)];
    bytes = all.length - end;
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}
