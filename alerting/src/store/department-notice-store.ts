import type { Severity } from '@watchpost/contracts/alert';
import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/**
 * Rounds from here on are those of departments, so that steps of an escalation say nothing in their place.
 */
const firstRound = 1_000;

/**
 * A notice to the receiver of a department about something that was offered to it, and was so often before
 * (`times`); false where the receiver is off or gone, or one waits still that says the same.
 */
export async function writeNoticeTo(
  tx: Queryable,
  site: string,
  receiver: string,
  {
    subject,
    at,
    times,
  }: {
    readonly subject: { readonly id: string; readonly severity: Severity };
    readonly at: string;
    readonly times: number;
  },
): Promise<boolean> {
  const told = sql`select from notice as told where told.site = receiver.site
    and told.receiver = receiver.id and told.subject = ${subject.id}`;
  const { rows } =
    await sql`insert into notice (site, id, subject, receiver, channel, seq, round, kind, severity, urgent,
      at, made_at, due_at)
    select receiver.site, gen_random_uuid(), ${subject.id}, receiver.id, receiver.channel, incident.version,
      ${firstRound + times}::integer,
      case when not exists (${told}) then 'opened' when ${times}::integer > 0 then 'reminder' else 'updated' end,
      ${subject.severity}, ${subject.severity} = 'critical' and ${times}::integer = 0,
      ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
    from receiver join incident on incident.site = receiver.site and incident.id = ${subject.id}::uuid
    where receiver.site = ${site} and receiver.id = ${receiver}::uuid and receiver.off_at is null
      and not exists (${told} and told.state in ('waiting', 'sending'))
    on conflict do nothing returning id`.execute(tx);
  return rows.length > 0;
}

/** What waits for this receiver about a subject is not sent any more; others wait on. */
export async function lapseNoticesTo(
  tx: Queryable,
  site: string,
  receiver: string,
  subject: string,
): Promise<void> {
  await sql`update notice set state = 'lapsed' where site = ${site} and receiver = ${receiver}::uuid
    and subject = ${subject} and state = 'waiting' and kind <> 'cleared'`.execute(tx);
}
