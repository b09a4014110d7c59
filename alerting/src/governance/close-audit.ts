import { sql } from 'kysely';
import type { Queryable } from '../store/schema.ts';
import { append } from './audit-log.ts';
import { auditPolicy } from './policy.ts';

/**
 * Takes away the oldest part of the audit log, what is older than the policy keeps, and keeps the hash of its
 * last entry: what is left is followed from there. The closing is an entry itself, which says the same hash,
 * so that an anchor that somebody made up has nothing in the chain.
 * @returns entries that were taken away
 */
export function closeAudit(db: Queryable, nowMs: number): Promise<number> {
  const before = new Date(nowMs - auditPolicy.keptMs);
  const at = new Date(nowMs).toISOString();
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('watchpost.audit', 0))`.execute(tx);
    // Up to the first one that is kept: a clock that was set back leaves no hole.
    const last = await tx
      .selectFrom('audit')
      .select(['position', 'hash'])
      .where('position', '<', (eb) =>
        eb
          .selectFrom('audit as kept')
          .select((of) =>
            sql<number>`coalesce(${of.fn.min('kept.position')}, 9223372036854775807)`.as('first'),
          )
          .where('kept.at', '>=', before),
      )
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!last) return 0;
    const position = Number(last.position);
    await sql`set local watchpost.audit = 'closing'`.execute(tx);
    const gone = await tx.deleteFrom('audit').where('position', '<=', position).executeTakeFirst();
    const entries = Number(gone.numDeletedRows);
    await tx
      .insertInto('audit_anchor')
      .values({ position, hash: last.hash, entries, closed_at: at })
      .execute();
    await append(tx, {
      ...{ at, actor: 'system', site: null, action: 'audit_closed', reason: null, outcome: 'done' },
      subject: { kind: 'audit', id: String(position) },
      details: { position, hash: last.hash, entries },
    });
    return entries;
  });
}
