import type { HeatCell, HeatMap } from '@watchpost/contracts/api';
import type { SitePlan } from '@watchpost/contracts/site';
import { cellToBoundary, cellToLatLng } from 'h3-js';
import { type CellWeight, expectedPerDay, smooth, weightAt } from './place-risk.ts';
import { toPlan } from './plan-projection.ts';
import { placePolicy } from './policy.ts';

/** State of one cell for one incident type. */
export interface PlaceState extends CellWeight {
  readonly cell: string;
  readonly firstMs: number;
}

const { edgeM } = placePolicy;

const centimetres = (metres: number): number => Math.round(metres * 100) / 100;

/**
 * Draws the map of a plan at `nowMs` from its cells, of those that `isDrawn`; intensities are relative to its
 * own maximum.
 */
export function drawHeatMap(
  states: readonly PlaceState[],
  plan: SitePlan,
  nowMs: number,
  isDrawn: (cell: string) => boolean = () => true,
): HeatMap {
  const weights = new Map<string, number>();
  let firstMs = nowMs;
  for (const state of states) {
    weights.set(state.cell, (weights.get(state.cell) ?? 0) + weightAt(state, nowMs));
    firstMs = Math.min(firstMs, state.firstMs);
  }
  const { northWest, widthM, heightM } = plan;
  const observedDays = (nowMs - firstMs) / 86_400_000;
  const inPlan = (cell: string): boolean => {
    const [x, y] = toPlan(northWest, cellToLatLng(cell));
    return x > -edgeM && y > -edgeM && x < widthM + edgeM && y < heightM + edgeM;
  };
  const drawn = [...smooth(weights)]
    .filter(([cell]) => inPlan(cell) && isDrawn(cell))
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
  return { time: new Date(nowMs).toISOString(), plan: plan.id, cells };
}
