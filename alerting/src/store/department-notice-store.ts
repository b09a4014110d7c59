import type { Severity } from '@watchpost/contracts/alert';
import { sql } from 'kysely';
import type { Queryable } from './schema.ts';

/**
 * A notice to the receiver of a department about something that was offered to it; false where the receiver
 * is off or gone, or was told of this version already. One that waits or was sent says the same, so it stays
 * alone.
 */
export async function writeNoticeTo(
  tx: Queryable,
  site: string,
  receiver: string,
  {
    subject,
    at,
  }: { readonly subject: { readonly id: string; readonly severity: Severity }; readonly at: string },
): Promise<boolean> {
  const { rows } =
    await sql`insert into notice (site, id, subject, receiver, channel, seq, kind, severity, urgent,
      at, made_at, due_at)
    select receiver.site, gen_random_uuid(), ${subject.id}, receiver.id, receiver.channel, incident.version, 'opened',
      ${subject.severity}, ${subject.severity} = 'critical', ${at}::timestamptz, ${at}::timestamptz,
      ${at}::timestamptz
    from receiver join incident on incident.site = receiver.site and incident.id = ${subject.id}::uuid
    where receiver.site = ${site} and receiver.id = ${receiver}::uuid and receiver.off_at is null
      and not exists (select from notice as told where told.site = receiver.site
        and told.receiver = receiver.id and told.subject = ${subject.id} and told.state in ('waiting', 'sending'))
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
