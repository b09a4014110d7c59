import type { Alert, AlertEventType, Disposition } from '@watchpost/contracts/alert';
import type { HeatCell, HeatMap } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import type { StoredEvent } from '@watchpost/contracts/wire';
import { cellToBoundary, cellToLatLng } from 'h3-js';
import { type CellWeight, cellAt, expectedPerDay, smooth, weightAt } from './place-risk.ts';
import { type PlanPoint, toLatLng, toPlan } from './plan-projection.ts';
import { placePolicy } from './policy.ts';

/**
 * The incident type that an event or alert adds to the map, or `undefined`. Only sensors, tampering, panic buttons and reports
 * feed it; nothing that was recognised about a person does, and nothing that a patrol found by being there.
 */
export function incidentKind(type: AlertEventType, details: Alert['details']): string | undefined {
  switch (type) {
    case 'watchpost.sensor.alarm.v1':
      return `sensor.${details.kind}`;
    case 'watchpost.tamper.cover.v1':
    case 'watchpost.tamper.video_loss.v1':
      return 'tamper';
    case 'watchpost.panic.pressed.v1':
      return 'panic';
    case 'watchpost.report.received.v1':
      return `report.${details.category}`;
    default:
      return undefined;
  }
}

/** Whether an alert is an incident of its place, by what it turned out to be; nothing is known yet counts. */
export function isIncident(disposition: Disposition | null): boolean {
  return disposition === null || disposition === 'genuine';
}

/** The H3 cell of an incident: where a report says it was, otherwise where the device stands. */
export function incidentCell(event: StoredEvent, deviceAt: PlanPoint, site: Site): string {
  if (event.type === 'watchpost.report.received.v1') {
    const { latitude, longitude } = event.data;
    if (latitude !== undefined && longitude !== undefined) return cellAt([latitude, longitude]);
  }
  return cellAt(toLatLng(site.plan.northWest, deviceAt));
}

/** State of one cell for one incident type, as stored. */
export interface PlaceState extends CellWeight {
  readonly cell: string;
  readonly firstMs: number;
}

const { edgeM } = placePolicy;

const centimetres = (metres: number): number => Math.round(metres * 100) / 100;

/** Draws the map at `nowMs` from the stored cells; intensities are relative to its own maximum. */
export function drawHeatMap(states: readonly PlaceState[], site: Site, nowMs: number): HeatMap {
  const weights = new Map<string, number>();
  let firstMs = nowMs;
  for (const state of states) {
    weights.set(state.cell, (weights.get(state.cell) ?? 0) + weightAt(state, nowMs));
    firstMs = Math.min(firstMs, state.firstMs);
  }
  const { northWest, widthM, heightM } = site.plan;
  const observedDays = (nowMs - firstMs) / 86_400_000;
  const inPlan = (cell: string): boolean => {
    const [x, y] = toPlan(northWest, cellToLatLng(cell));
    return x > -edgeM && y > -edgeM && x < widthM + edgeM && y < heightM + edgeM;
  };
  const drawn = [...smooth(weights)]
    .filter(([cell]) => inPlan(cell))
    .map(([cell, smoothed]) => ({ cell, expected: expectedPerDay(smoothed, observedDays) }));
  const largest = Math.max(0, ...drawn.map(({ expected }) => expected));
  const cells: HeatCell[] = drawn.map(({ cell, expected }) => ({
    cell,
    outline: cellToBoundary(cell).map((corner) => {
      const [x, y] = toPlan(northWest, corner);
      return [centimetres(x), centimetres(y)];
    }),
    expectedPerDay: expected,
    intensity: largest > 0 ? expected / largest : 0,
    weight: weights.get(cell) ?? 0,
  }));
  return { time: new Date(nowMs).toISOString(), cells };
}
