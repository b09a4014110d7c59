import type { Severity } from '@watchpost/contracts/alert';
import type { ChannelAddress, NoticeLanguage } from '@watchpost/contracts/api';
import { sql } from 'kysely';
import type { DeliveryCode } from '../notify/channel.ts';
import type { Queryable } from './schema.ts';

/** A receiver, as somebody describes it. */
export interface ReceiverDescription {
  readonly name: string;
  readonly account: string | null;
  readonly address: ChannelAddress;
  readonly language: NoticeLanguage;
  readonly isFallback: boolean;
  readonly cap: number | null;
  /** Alerts of which severities it is told of. */
  readonly severities: readonly Severity[];
}

/** Stores a receiver, new or changed: what was wrong with it before is forgotten, and it has to be tested. */
export async function saveReceiver(
  db: Queryable,
  site: string,
  id: string,
  { name, account, address, language, isFallback, cap, severities }: ReceiverDescription,
  nowMs: number,
): Promise<void> {
  const now = new Date(nowMs).toISOString();
  const columns = {
    ...{ name, account, language, cap },
    ...{ channel: address.kind, address: JSON.stringify(address), is_fallback: isFallback },
    ...{
      verified_at: null,
      off_at: null,
      paused_until: null,
      pause_code: null,
      failing_since: null,
      fault: null,
    },
  };
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('receiver')
      .values({ site, id, made_at: now, ...columns })
      .onConflict((conflict) => conflict.columns(['site', 'id']).doUpdateSet(columns))
      .execute();
    await tx.deleteFrom('notice_route').where('site', '=', site).where('receiver', '=', id).execute();
    if (severities.length > 0)
      await tx
        .insertInto('notice_route')
        .values(severities.map((severity) => ({ site, receiver: id, severity })))
        .execute();
  });
}

/** Codes for what the receivers of a site refuse. */
export async function receiverFaults(db: Queryable, site: string): Promise<DeliveryCode[]> {
  const rows = await db
    .selectFrom('receiver')
    .select('fault')
    .distinct()
    .where('site', '=', site)
    .where('off_at', 'is', null)
    .where('fault', 'is not', null)
    .execute();
  return rows.flatMap(({ fault }) => (fault === null ? [] : [fault]));
}

/** How a receiver took the last try. */
export interface ReceiverHealth {
  readonly pausedUntilMs: number | null;
  readonly pauseCode: string | null;
  readonly fault: DeliveryCode | null;
}

/** Notes it; a receiver that fails does so since the first time. */
export async function noteReceiver(
  tx: Queryable,
  { site, id }: { readonly site: string; readonly id: string },
  { pausedUntilMs, pauseCode, fault }: ReceiverHealth,
  nowMs: number,
): Promise<void> {
  const isWell = pauseCode === null && fault === null;
  const now = new Date(nowMs).toISOString();
  await tx
    .updateTable('receiver')
    .set({
      paused_until: pausedUntilMs === null ? null : new Date(pausedUntilMs).toISOString(),
      pause_code: pauseCode,
      fault,
      failing_since: isWell ? null : sql`coalesce(failing_since, ${now}::timestamptz)`,
    })
    .where('site', '=', site)
    .where('id', '=', id)
    .execute();
}
