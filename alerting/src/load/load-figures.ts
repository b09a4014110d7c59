import type { LoadFigures, LoadQuery } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { deviceIdSchema, type SiteId, zoneIdSchema } from '@watchpost/contracts/wire';
import {
  type LoadShift,
  type LoadSource,
  loadDurations,
  loadShifts,
  loadSources,
  openingsOf,
  staleSources,
} from '../store/load-store.ts';
import type { Queryable } from '../store/schema.ts';
import { loadPolicy } from './policy.ts';
import { loadOf, type Stretch, stretchesOf } from './stretches.ts';

/** What {@link loadFigures} needs. */
export interface LoadOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const sourceView = ({ device, zone, alerts }: LoadSource) => ({
  ...{ device: deviceIdSchema.parse(device), zone: zoneIdSchema.parse(zone), alerts },
});

/**
 * What the officers of a site had to deal with: of the place and its shifts, never of a person.
 * @throws WatchpostError `api.invalid` for a time that ends before it begins or is too long
 */
export async function loadFigures(
  { db, nowMs }: LoadOptions,
  site: SiteId,
  { from, until }: Pick<LoadQuery, 'from' | 'until'>,
): Promise<LoadFigures> {
  const { stretchMs, alertsAtMost, longestMs, usualMs, staleMs, sourcesAtMost, chatterPerMinute } =
    loadPolicy;
  // What is not over yet is no load.
  const untilMs = Math.min(until === undefined ? nowMs() : Date.parse(until), nowMs());
  const fromMs = from === undefined ? untilMs - usualMs : Date.parse(from);
  if (!(fromMs < untilMs && untilMs - fromMs <= longestMs))
    throw new WatchpostError('api.invalid', { path: '/from', details: { expected: 'at most 31 days' } });
  const period = { site, from: iso(fromMs), until: iso(untilMs) };
  const openings = await openingsOf(db, period);
  const shifts = await loadShifts(db, period);
  const stretches = stretchesOf(openings, shifts, { fromMs, untilMs, stretchMs });
  const peak = stretches.reduce<Stretch | undefined>(
    (most, one) => (one.alerts > (most?.alerts ?? 0) ? one : most),
    undefined,
  );
  const stale = await staleSources(db, site, iso(nowMs() - staleMs));
  const chattering = await loadSources(db, period, { limit: sourcesAtMost, chatterPerMinute });
  return {
    ...period,
    ...loadOf(stretches, alertsAtMost),
    limit: alertsAtMost,
    peak: peak ? { at: iso(peak.atMs), alerts: peak.alerts } : null,
    shifts: byLayer(shifts, stretches),
    topSources: (await loadSources(db, period, { limit: sourcesAtMost })).map(sourceView),
    stale: {
      count: stale.sources.reduce((sum, { alerts }) => sum + alerts, 0),
      oldestAt: stale.oldestAt?.toISOString() ?? null,
      sources: stale.sources.slice(0, sourcesAtMost).map(sourceView),
    },
    chattering: chattering.map(sourceView),
    acknowledge: await loadDurations(db, period, ['acknowledged', 'in_progress', 'resolved', 'closed']),
    resolve: await loadDurations(db, period, ['resolved', 'closed']),
  };
}

/** Shifts of one layer together, where more than one person had them. */
function byLayer(shifts: readonly LoadShift[], stretches: readonly Stretch[]): LoadFigures['shifts'] {
  const { alertsAtMost, peopleAtLeast, stretchMs } = loadPolicy;
  const layers = new Map<string, LoadShift[]>();
  for (const shift of shifts) {
    if (shift.layer === null) continue;
    const key = `${shift.rota} ${shift.layer}`;
    layers.set(key, [...(layers.get(key) ?? []), shift]);
  }
  return [...layers.values()].flatMap((own) => {
    const [first] = own;
    if (!first || new Set(own.map(({ person }) => person)).size < peopleAtLeast) return [];
    const during = stretches.filter(({ atMs }) =>
      own.some(({ fromMs, untilMs }) => fromMs <= atMs + stretchMs / 2 && atMs + stretchMs / 2 < untilMs),
    );
    return {
      ...{ rota: first.rota, rotaName: first.rotaName, layer: first.layer ?? '' },
      hours: Math.round((during.length * stretchMs) / 360_000) / 10,
      ...loadOf(during, alertsAtMost),
    };
  });
}
