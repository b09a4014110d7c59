import { randomBytes } from 'node:crypto';
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
