import { type Kysely, sql } from 'kysely';

/** Of what is done, those of which nobody was told: few, and found without reading the others. */
export async function quietHistory(db: Kysely<unknown>): Promise<void> {
  await sql`create index alert_done_quiet on alert (site, done_at desc, id desc)
    where state in ('resolved', 'closed') and suppressed is not null`.execute(db);
}
