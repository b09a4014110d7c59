import type { ArmingAreaView, NextArming } from '@watchpost/contracts/api';
import type { ArmingArea, Site } from '@watchpost/contracts/site';
import type { ScheduledRow } from '../store/arming-store.ts';
import type { AreaState } from './area-state.ts';
import { partsOfKey } from './arming-due.ts';
import { type KnownDevices, problemsOf } from './readiness.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const maybe = (ms: number | null): string | null => (ms === null ? null : iso(ms));
const minuteMs = 60_000;

/** What an area comes to next by its schedules. */
export function nextOf(area: ArmingArea, rows: readonly ScheduledRow[]): NextArming | null {
  const row = rows.find(({ key }) => partsOfKey(key).area === area.id);
  const schedule = row && area.schedules[partsOfKey(row.key).index];
  if (!schedule) return null;
  return {
    at: iso(row.atMs),
    mode: schedule.mode,
    warnFrom: iso(row.atMs - schedule.warnMinutes * minuteMs),
    postponeMinutes: row.base === null ? schedule.postponeMinutes : 0,
  };
}

/** An area as people see it: nothing here says with which code it was disarmed. */
export function areaView(
  site: Site['id'],
  area: ArmingArea,
  state: AreaState,
  { known, rows }: { readonly known: KnownDevices; readonly rows: readonly ScheduledRow[] },
): ArmingAreaView {
  const { version, phase, mode, lateMs, by, bypassed, entered, refused } = state;
  const left = bypassed.map(({ device }) => device);
  return {
    ...{ site, area: area.id, name: area.name, zones: area.zones, version, phase, mode, lateMs },
    ...{ since: maybe(state.sinceMs), until: maybe(state.untilMs), by: by?.name ?? null },
    bypassed: bypassed.map(({ device, until, by: who, atMs }) => ({
      ...{ device: device as ArmingAreaView['bypassed'][number]['device'], until, by: who, at: iso(atMs) },
    })),
    entered: entered && {
      device: entered.device as ArmingAreaView['bypassed'][number]['device'],
      at: iso(entered.atMs),
    },
    refused: refused && {
      ...{ at: iso(refused.atMs), mode: refused.mode, problems: [...refused.problems] },
    },
    needsCode: area.needsCode,
    modes: Object.entries(area.modes).flatMap(([name, rules]) =>
      rules
        ? [
            {
              ...{ mode: name as keyof ArmingArea['modes'] },
              ...{ exitSeconds: rules.exitSeconds, entrySeconds: rules.entrySeconds },
              problems: problemsOf(area, name as keyof ArmingArea['modes'], known, left),
            },
          ]
        : [],
    ),
    next: nextOf(area, rows),
  };
}
