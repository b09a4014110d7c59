import { type Kysely, sql } from 'kysely';

const statements = [
  // Work of people is not watched more than it must be: a row goes with the alert, the account, and when the
  // alert is closed.
  sql`create table alert_seen (
    site text not null,
    alert uuid not null,
    account uuid not null references account (id) on delete cascade,
    version integer not null,
    request uuid not null,
    primary key (site, alert, account),
    foreign key (site, alert) references alert (site, id) on delete cascade
  )`,
  sql`create index alert_seen_request on alert_seen (account, request)`,
  // Of all that is unresolved: why nobody is told of it is counted, too.
  sql`drop index alert_quiet`,
  sql`create index alert_quiet on alert (site, severity_order)
    where state in ('open', 'acknowledged', 'in_progress') and suppressed is not null`,
];

/** Up to which version a person has seen an alert, and what is kept quiet. */
export async function queue(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
