import type { ChannelAddress } from '@watchpost/contracts/api';
import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/** A receiver of a site. */
export interface FailingReceiver {
  readonly site: string;
  readonly id: string;
  readonly address: ChannelAddress;
}

/** Receivers that could not be told the last time, and did not ask to be left alone. */
export async function failingReceivers(
  db: Queryable,
  sites: readonly string[],
): Promise<readonly FailingReceiver[]> {
  const { rows } = await sql<FailingReceiver>`select site, id, address from receiver
    where site in (${sql.join(sites)}) and off_at is null
      and pause_code is not null and pause_code <> 'notify.throttled'`.execute(db);
  return rows;
}

/**
 * These need not wait any longer for the end of the pause that a failure made: neither they, nor the notices
 * that were tried. A pause that a receiver asked for stays, and so does what its limit or its quiet hours
 * hold back. Rows that somebody else works on are left to them.
 */
export async function endPauses(
  tx: Queryable,
  receivers: readonly Pick<FailingReceiver, 'site' | 'id'>[],
  nowMs: number,
): Promise<void> {
  if (receivers.length === 0) return;
  const now = sql`${new Date(nowMs).toISOString()}::timestamptz`;
  const these = sql.join(receivers.map(({ site, id }) => sql`(${site}::text, ${id}::uuid)`));
  await sql`update receiver set paused_until = null where (site, id) in (
      select site, id from receiver where (site, id) in (${these}) and paused_until > ${now}
        and pause_code is distinct from 'notify.throttled' order by site, id for update skip locked)`.execute(
    tx,
  );
  await sql`update notice set due_at = ${now} where (site, id) in (
      select site, id from notice where (site, receiver) in (${these}) and state = 'waiting' and attempts > 0
        and due_at > ${now} and code is distinct from 'notify.throttled'
        and capped_until is distinct from due_at
      order by site, id for update skip locked)`.execute(tx);
}
