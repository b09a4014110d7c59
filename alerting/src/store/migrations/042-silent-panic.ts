import { type Kysely, sql } from 'kysely';

/** Silent panic that nobody has taken makes no sound: it is counted apart. */
export async function silentPanic(db: Kysely<unknown>): Promise<void> {
  await sql`create index alert_silent on alert (site, severity_order) where state = 'open'
    and event_type = 'watchpost.panic.pressed.v1' and details ->> 'silent' = 'true'`.execute(db);
}
