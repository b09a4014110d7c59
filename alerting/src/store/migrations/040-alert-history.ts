import { type Kysely, sql } from 'kysely';

const done = sql`state in ('resolved', 'closed')`;

/**
 * Pairs of neighbouring characters: what a text contains of two characters or more has its own among them, in
 * every script. No extension: those for trigrams are not everywhere, and find no Chinese word of two
 * characters.
 */
const pairs = [
  sql`create function watchpost_pairs(text) returns text[] language sql immutable parallel safe strict as $$
    select coalesce(array_agg(distinct one || next), '{}') from (
      select one, lead(one) over (order by at) as next
      from unnest(string_to_array(lower($1), null)) with ordinality as of(one, at)) as pair
    where next is not null $$`,
  sql`create index alert_done_pairs on alert using gin (watchpost_pairs(details::text)) where ${done}`,
  sql`create index alert_change_pairs on alert_change using gin (watchpost_pairs(reason))
    where to_state is not null and reason is not null`,
];

/** History by one thing, the newest first, at the same cost however many alerts are closed. */
const filters = (['zone', 'device', 'event_type', 'severity_order', 'disposition'] as const).map(
  (column) => sql`create index ${sql.ref(`alert_done_${column}`)} on alert
    (site, ${sql.ref(column)}, done_at desc, id desc) where ${done}`,
);

/** What hides other alerts is asked with many that may be hidden, and lies among all that are unresolved. */
const causes = sql`create index alert_active on alert (site, event_type)
  where state in ('open', 'acknowledged', 'in_progress') and condition = 'active'`;

/** Finds among many closed alerts, and among many open ones, without reading them. */
export async function alertHistory(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...pairs, ...filters, causes]) await statement.execute(db);
}
