import { sql } from 'kysely';
import type { Database, Queryable } from './schema.ts';

type PlainTable = Exclude<keyof Database, `${string}_hourly`>;

/**
 * Rows as one JSON parameter, in the columns of `table`: a statement with one parameter is planned at once,
 * one with thousands takes longer to send and to plan than to run. JSON columns take plain values, not text.
 */
export function rowsOf(table: PlainTable, rows: readonly object[]) {
  return sql`jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)`;
}

/** The statement that inserts rows which all have the same columns; `onConflict` is the rest of it. */
export function insertOf(table: PlainTable, rows: readonly object[], onConflict = sql``) {
  const columns = sql.join(Object.keys(rows[0] ?? {}).map((column) => sql.ref(column)));
  return sql`insert into ${sql.table(table)} (${columns})
    select ${columns} from ${rowsOf(table, rows)} ${onConflict}`;
}

/** Inserts rows that all have the same columns; `onConflict` is the rest of the statement. */
export async function insertRows(
  tx: Queryable,
  table: PlainTable,
  rows: readonly object[],
  onConflict = sql``,
): Promise<void> {
  if (rows.length > 0) await insertOf(table, rows, onConflict).execute(tx);
}
