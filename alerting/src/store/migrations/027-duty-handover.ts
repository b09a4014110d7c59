import { type Kysely, sql } from 'kysely';

const statements = [
  sql`create table duty_handover (
    site text not null,
    id text not null,
    rota text not null,
    at timestamptz not null,
    shift_from timestamptz not null,
    shift_until timestamptz not null,
    giver text not null,
    giver_name text not null,
    taker text not null,
    taker_name text not null,
    notes text not null,
    remark text not null default '',
    report jsonb not null,
    signed_at timestamptz,
    primary key (site, id),
    foreign key (site, rota) references duty_rota (site, id) on delete cascade
  )`,
  sql`create index duty_handover_at on duty_handover (site, at)`,
  // What was decided during a shift: steps are few among all changes.
  sql`create index alert_change_step_at on alert_change (site, at) where to_state is not null`,
];

/** What one shift leaves to the next, signed by both. */
export async function dutyHandover(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
