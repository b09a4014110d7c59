import type { Severity } from '@watchpost/contracts/alert';
import type { EscalationPolicyRequest, EscalationStep } from '@watchpost/contracts/api';
import { type Selectable, sql } from 'kysely';
import type { Database, Queryable } from './schema.ts';

/** A policy as it is kept. */
export interface StoredPolicy extends Omit<EscalationPolicyRequest, 'version'> {
  readonly version: number;
  readonly changedAt: string;
}

type Row = Selectable<Database['escalation_policy']>;

const toPolicy = ({
  id,
  version,
  name,
  place,
  severities,
  zones,
  steps,
  concerns,
  ...row
}: Row): StoredPolicy => ({
  ...{ id, version, name, place, severities, steps, concerns },
  zones: zones as StoredPolicy['zones'],
  changedAt: row.changed_at.toISOString(),
});

/** The policies of a site in the order in which they are asked, without those that are a receiver’s own. */
export async function policiesOf(db: Queryable, site: string): Promise<StoredPolicy[]> {
  const rows = await db
    .selectFrom('escalation_policy')
    .selectAll()
    .where('site', '=', site)
    .where('receiver', 'is', null)
    .orderBy('place')
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rows.map(toPolicy);
}

/** Stores one, new or changed. */
export async function savePolicy(tx: Queryable, site: string, policy: StoredPolicy): Promise<void> {
  const { id, version, name, place, severities, zones, concerns, steps, changedAt } = policy;
  const columns = {
    ...{ version, name, place, changed_at: changedAt },
    severities: JSON.stringify(severities),
    zones: zones && JSON.stringify(zones),
    concerns: concerns && JSON.stringify(concerns),
    steps: JSON.stringify(steps),
  };
  await tx
    .insertInto('escalation_policy')
    .values({ site, id, receiver: null, ...columns })
    .onConflict((conflict) => conflict.columns(['site', 'id']).doUpdateSet(columns))
    .execute();
}

/** Its name, or undefined where there was none. What runs by it goes on. */
export async function deletePolicy(tx: Queryable, site: string, id: string): Promise<string | undefined> {
  const row = await tx
    .deleteFrom('escalation_policy')
    .where('site', '=', site)
    .where('id', '=', id)
    .where('receiver', 'is', null)
    .returning('name')
    .executeTakeFirst();
  return row?.name;
}

/** A receiver that is told of these severities at once: the simplest policy. */
export async function saveOwnPolicy(
  tx: Queryable,
  own: {
    readonly site: string;
    readonly receiver: string;
    readonly name: string;
    readonly severities: readonly Severity[];
  },
  now: string,
): Promise<void> {
  const { site, receiver, name, severities } = own;
  const theirs = sql`site = ${site} and receiver = ${receiver}::uuid`;
  await sql`delete from escalation_policy where ${theirs}`.execute(tx);
  if (severities.length === 0) return;
  const step: EscalationStep = {
    ...{ waitSeconds: 0, targets: [{ kind: 'receiver', receiver }] },
    ...{ channels: null, onlyFor: null, repeat: null },
  };
  const columns = { name, receiver, version: 1, place: 0, zones: null, concerns: null, changed_at: now };
  await tx
    .insertInto('escalation_policy')
    .values({
      ...{ site, id: sql<string>`gen_random_uuid()`, ...columns },
      severities: JSON.stringify([...new Set(severities)]),
      steps: JSON.stringify([step]),
    })
    .execute();
}
