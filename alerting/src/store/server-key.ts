import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** A random key of the server by its name, made when it is first asked for. 32 bytes. */
export async function serverKey(db: Queryable, name: string): Promise<Buffer> {
  const fresh = randomBytes(32).toString('base64url');
  await db
    .insertInto('server_key')
    .values({ name, value: fresh })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const { value } = await db
    .selectFrom('server_key')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return Buffer.from(value, 'base64url');
}

/** Erases the keys whose names begin so, but these. */
export async function forgetServerKeys(
  db: Queryable,
  prefix: string,
  kept: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('server_key')
    .where(sql<boolean>`starts_with(name, ${prefix})`)
    .where('name', 'not in', [...kept])
    .execute();
}
