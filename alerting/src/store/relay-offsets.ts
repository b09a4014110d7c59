import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** Who follows the log of changes and remembers how far; `retention` by what it deleted. */
export type RelayConsumer = 'mqtt' | 'retention';

/** The position up to which a consumer has come; undefined before it ever began. */
export async function relayOffset(
  db: Queryable,
  site: string,
  consumer: RelayConsumer,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('relay_offset')
    .select('position')
    .where('site', '=', site)
    .where('consumer', '=', consumer)
    .executeTakeFirst();
  return row && Number(row.position);
}

/** Notes how far a consumer has come; never goes back. */
export async function saveRelayOffset(
  db: Queryable,
  site: string,
  consumer: RelayConsumer,
  position: number,
): Promise<void> {
  await db
    .insertInto('relay_offset')
    .values({ site, consumer, position })
    .onConflict((conflict) =>
      conflict.columns(['site', 'consumer']).doUpdateSet({
        position: sql<number>`greatest(relay_offset.position, excluded.position)`,
      }),
    )
    .execute();
}
