import { type Reject, type RejectList, rejectSchema } from '@watchpost/contracts/api';
import { sql } from 'kysely';
import { rejectPolicy } from './policy.ts';
import type { Queryable } from './schema.ts';

/** A message, or one event of it, that could not be processed. */
export interface NewReject extends Omit<Reject, 'site'> {
  /** The message as it came; only its beginning is kept. */
  readonly payload: Uint8Array;
}

/** A topic is the sender's text: what PostgreSQL cannot store is taken out. */
function storableText(text: string, length: number): string {
  return text.replaceAll('\0', '').toWellFormed().slice(0, length);
}

/** Keeps and counts rejects; beyond so many of a site ({@link rejectPolicy}) its oldest give way. */
export async function insertRejects(
  tx: Queryable,
  site: string,
  rejects: readonly NewReject[],
): Promise<void> {
  if (rejects.length === 0) return;
  const rows = rejects.map((reject) => ({
    id: reject.id,
    received_at: reject.receivedAt,
    site,
    topic: storableText(reject.topic, rejectPolicy.textCharacters),
    gateway: reject.gateway,
    device: reject.device,
    code: reject.code,
    path: reject.path === null ? null : storableText(reject.path, rejectPolicy.textCharacters),
    bytes: reject.bytes,
    payload: Buffer.from(reject.payload.subarray(0, rejectPolicy.payloadBytes)),
  }));
  await tx.insertInto('reject').values(rows).execute();
  await tx
    .deleteFrom('reject')
    .where('site', '=', site)
    .where('position', '<=', (eb) =>
      eb
        .selectFrom('reject')
        .select('position')
        .where('site', '=', site)
        .orderBy('position', 'desc')
        .offset(rejectPolicy.rows)
        .limit(1),
    )
    .execute();
  const counts = new Map<string, number>();
  for (const { code } of rejects) counts.set(code, (counts.get(code) ?? 0) + 1);
  await tx
    .insertInto('reject_count')
    .values([...counts].map(([code, count]) => ({ site, code, count })))
    .onConflict((conflict) =>
      conflict
        .columns(['site', 'code'])
        .doUpdateSet({ count: sql<number>`reject_count.count + excluded.count` }),
    )
    .execute();
}

/** Of these sites the counts since the database was made and the newest rejects, without payloads. */
export async function listRejects(
  db: Queryable,
  sites: readonly string[],
  limit: number,
): Promise<RejectList> {
  if (sites.length === 0) return { counts: {}, newest: [] };
  const counted = await db.selectFrom('reject_count').selectAll().where('site', 'in', sites).execute();
  const counts: Record<string, number> = {};
  for (const { code, count } of counted) counts[code] = (counts[code] ?? 0) + Number(count);
  const rows = await db
    .selectFrom('reject')
    .select(['id', 'site', 'received_at', 'topic', 'gateway', 'device', 'code', 'path', 'bytes'])
    .where('site', 'in', sites)
    .orderBy('position', 'desc')
    .limit(limit)
    .execute();
  return {
    counts,
    newest: rows.map(({ received_at, ...row }) =>
      rejectSchema.parse({ ...row, receivedAt: received_at.toISOString() }),
    ),
  };
}
