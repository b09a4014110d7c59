import { type Severity, severities } from '@watchpost/contracts/alert';
import type { ChannelAddress, NoticeLanguage, QuietHours } from '@watchpost/contracts/api';
import { sql } from 'kysely';
import type { DeliveryCode } from '../notify/channel.ts';
import { saveOwnPolicy } from './escalation-policy-store.ts';
import type { Queryable } from './schema.ts';

/** A receiver, as somebody describes it. */
export interface ReceiverDescription {
  readonly name: string;
  /** Name of the account of a person. */
  readonly account: string | null;
  readonly address: ChannelAddress;
  readonly language: NoticeLanguage;
  readonly isFallback: boolean;
  readonly cap: number | null;
  /** When it is told of what is critical alone. */
  readonly quiet?: QuietHours | null;
  /** Alerts of which severities it is told of. */
  readonly severities: readonly Severity[];
}

/** A receiver, and how it goes. */
export interface KnownReceiver extends ReceiverDescription {
  readonly quiet: QuietHours | null;
  readonly id: string;
  readonly site: string;
  readonly accountId: string | null;
  /** RFC 3339, like the other times. */
  readonly madeAt: string;
  readonly verifiedAt: string | null;
  readonly offAt: string | null;
  readonly failingSince: string | null;
  /** Code of why it is not told, or was not the last time. */
  readonly fault: string | null;
}

/** Stores a receiver, new or changed: what was wrong with it before is forgotten, and it has to be tested. */
export async function saveReceiver(
  tx: Queryable,
  site: string,
  id: string,
  { name, account, address, language, isFallback, cap, quiet = null, severities }: ReceiverDescription,
  nowMs: number,
): Promise<void> {
  const now = new Date(nowMs).toISOString();
  const columns = {
    ...{ name, account, language, cap },
    ...{ channel: address.kind, address: JSON.stringify(address), is_fallback: isFallback },
    quiet: quiet && JSON.stringify(quiet),
    ...{
      ...{ verified_at: null, code_hash: null, code_until: null, code_tries: null },
      off_at: null,
      paused_until: null,
      pause_code: null,
      failing_since: null,
      fault: null,
    },
  };
  await tx
    .insertInto('receiver')
    .values({ site, id, made_at: now, ...columns })
    .onConflict((conflict) => conflict.columns(['site', 'id']).doUpdateSet(columns))
    .execute();
  await saveOwnPolicy(tx, { site, receiver: id, name, severities }, now);
}

/** The name of the account of a person who has a role on a site; undefined where there is none. */
export async function personsAccount(db: Queryable, site: string, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`select name from account where id::text = ${id}
    and kind = 'person' and exists (select from account_site where account_site.account = account.name
      and site in (${site}, '*'))`.execute(db);
  return rows[0]?.name;
}

/** How many a site has. */
export async function countReceivers(db: Queryable, site: string): Promise<number> {
  const { count } = await db
    .selectFrom('receiver')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('site', '=', site)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Erases a receiver with all that it was told; its name, or undefined where there was none. */
export async function deleteReceiver(tx: Queryable, site: string, id: string): Promise<string | undefined> {
  const row = await tx
    .deleteFrom('receiver')
    .where('site', '=', site)
    .where('id', '=', id)
    .returning('name')
    .executeTakeFirst();
  return row?.name;
}

/** A code was sent; the one before is not good any more. */
export async function keepCode(
  tx: Queryable,
  { site, id }: Pick<KnownReceiver, 'site' | 'id'>,
  { hash, untilMs, tries }: { readonly hash: string; readonly untilMs: number; readonly tries: number },
): Promise<void> {
  await tx
    .updateTable('receiver')
    .set({ code_hash: hash, code_until: new Date(untilMs).toISOString(), code_tries: tries })
    .where('site', '=', site)
    .where('id', '=', id)
    .execute();
}

/** Takes one of the tries that a code is good for; the hash of the code, undefined where there is none. */
export async function takeCodeTry(
  db: Queryable,
  { site, id }: Pick<KnownReceiver, 'site' | 'id'>,
  nowMs: number,
): Promise<string | undefined> {
  const { rows } = await sql<{ hash: string | null }>`update receiver set code_tries = code_tries - 1
    where site = ${site} and id = ${id}::uuid and code_tries > 0
      and code_until > ${new Date(nowMs).toISOString()}::timestamptz returning code_hash as hash`.execute(db);
  return rows[0]?.hash ?? undefined;
}

/** It is who it is said to be. */
export async function noteVerified(tx: Queryable, site: string, id: string, nowMs: number): Promise<void> {
  await tx
    .updateTable('receiver')
    .set({ verified_at: new Date(nowMs).toISOString(), code_hash: null, code_until: null, code_tries: null })
    .where('site', '=', site)
    .where('id', '=', id)
    .execute();
}

/** The receivers of a site, by name. */
export async function listReceivers(db: Queryable, site: string, id?: string): Promise<KnownReceiver[]> {
  let query = db
    .selectFrom('receiver')
    .selectAll()
    .select(
      sql<Severity[]>`coalesce((select policy.severities from escalation_policy as policy
        where policy.site = receiver.site and policy.receiver = receiver.id), '[]'::jsonb)`.as('severities'),
    )
    .select(
      sql<string | null>`(select account.id::text from account where account.name = receiver.account)`.as(
        'account_id',
      ),
    )
    .where('site', '=', site)
    .orderBy('name')
    .orderBy('id');
  if (id !== undefined) query = query.where('id', '=', id);
  return (await query.execute()).map((row) => ({
    ...{ id: row.id, site: row.site, name: row.name, account: row.account, address: row.address },
    accountId: row.account_id,
    ...{ language: row.language, isFallback: row.is_fallback, cap: row.cap, quiet: row.quiet },
    severities: severities.filter((severity) => row.severities.includes(severity)),
    madeAt: row.made_at.toISOString(),
    verifiedAt: row.verified_at?.toISOString() ?? null,
    offAt: row.off_at?.toISOString() ?? null,
    failingSince: row.failing_since?.toISOString() ?? null,
    fault: row.fault ?? row.pause_code,
  }));
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
