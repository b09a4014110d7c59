import type { PlaceState } from '../places/heat-map.ts';
import type { CellWeight } from '../places/place-risk.ts';
import { addIncident, removeIncident } from '../places/place-risk.ts';
import type { Queryable } from './schema.ts';

/** An incident that feeds the map. */
export interface Incident {
  readonly cell: string;
  readonly kind: string;
  readonly timeMs: number;
  /** It was added before and turned out to be none. */
  readonly removed?: boolean;
}

const keyOf = (cell: string, kind: string): string => `${cell} ${kind}`;

/**
 * Adds incidents to their cells, or takes them away. Runs inside the transaction of the alerts, so each
 * counts once.
 */
export async function addIncidents(
  tx: Queryable,
  site: string,
  incidents: readonly Incident[],
): Promise<void> {
  if (incidents.length === 0) return;
  const rows = await tx
    .selectFrom('place_risk')
    .selectAll()
    .where('site', '=', site)
    .where('cell', 'in', [...new Set(incidents.map(({ cell }) => cell))])
    .orderBy('cell')
    .orderBy('kind')
    .forUpdate()
    .execute();
  const states = new Map<string, CellWeight & { firstMs: number }>(
    rows.map((row) => [
      keyOf(row.cell, row.kind),
      { weight: row.weight, atMs: row.updated_at.getTime(), firstMs: row.first_at.getTime() },
    ]),
  );
  const touched = new Map<string, Incident>();
  for (const incident of incidents) {
    const key = keyOf(incident.cell, incident.kind);
    const before = states.get(key);
    const firstMs = Math.min(before?.firstMs ?? incident.timeMs, incident.timeMs);
    if (incident.removed) {
      if (before) states.set(key, { ...removeIncident(before, incident.timeMs), firstMs: before.firstMs });
    } else states.set(key, { ...addIncident(before, incident.timeMs), firstMs });
    touched.set(key, incident);
  }
  const values = [...touched].flatMap(([key, { cell, kind }]) => {
    const state = states.get(key);
    if (!state) return [];
    const first_at = new Date(state.firstMs).toISOString();
    return [
      { site, cell, kind, weight: state.weight, first_at, updated_at: new Date(state.atMs).toISOString() },
    ];
  });
  // What is taken away may have faded from the map long ago.
  if (values.length === 0) return;
  await tx
    .insertInto('place_risk')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['site', 'cell', 'kind']).doUpdateSet((eb) => ({
        weight: eb.ref('excluded.weight'),
        first_at: eb.ref('excluded.first_at'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    )
    .execute();
}

/** The state of every cell of a site, in one order always. */
export async function placeStates(db: Queryable, site: string): Promise<PlaceState[]> {
  const rows = await db
    .selectFrom('place_risk')
    .selectAll()
    .where('site', '=', site)
    .orderBy('cell')
    .orderBy('kind')
    .execute();
  return rows.map((row) => ({
    cell: row.cell,
    weight: row.weight,
    atMs: row.updated_at.getTime(),
    firstMs: row.first_at.getTime(),
  }));
}
