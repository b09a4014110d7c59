import { gridDisk, gridDistance, latLngToCell } from 'h3-js';
import type { LatLng } from './plan-projection.ts';
import { placePolicy } from './policy.ts';

const { halfLifeDays, resolution, rings, sigmaCells } = placePolicy;
const dayMs = 86_400_000;

/** Decayed count of one incident type in one cell, valid at `atMs`. */
export interface CellWeight {
  readonly weight: number;
  readonly atMs: number;
}

/** The H3 cell of a position, at the resolution of the policy. */
export function cellAt(position: LatLng): string {
  return latLngToCell(position[0], position[1], resolution);
}

const decay = (elapsedMs: number): number => 2 ** (-elapsedMs / dayMs / halfLifeDays);

/** The weight as seen at `nowMs`. */
export function weightAt(cell: CellWeight, nowMs: number): number {
  return cell.weight * decay(Math.max(0, nowMs - cell.atMs));
}

/** `S ← S·2^(−Δt/H) + 1`; an event older than the state adds what would be left of it by then. */
export function addIncident(cell: CellWeight | undefined, timeMs: number): CellWeight {
  if (!cell) return { weight: 1, atMs: timeMs };
  if (timeMs >= cell.atMs) return { weight: weightAt(cell, timeMs) + 1, atMs: timeMs };
  return { weight: cell.weight + decay(cell.atMs - timeMs), atMs: cell.atMs };
}

/** Takes back an incident that {@link addIncident} added: what is left of it by the state's time. */
export function removeIncident(cell: CellWeight, timeMs: number): CellWeight {
  const left = cell.weight - decay(Math.max(0, cell.atMs - timeMs));
  return { weight: Math.max(0, left), atMs: cell.atMs };
}

/** Neighbours of a cell with their Gaussian shares, which sum to 1. */
function neighbourShares(cell: string): readonly (readonly [string, number])[] {
  const others = gridDisk(cell, rings).filter((other) => other !== cell);
  const weights = others.map((other) => Math.exp(-(gridDistance(cell, other) ** 2) / (2 * sigmaCells ** 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return others.map((other, index) => [other, (weights[index] ?? 0) / total] as const);
}

/** `R = ½·S + ½·Σ g_j S_j` for every cell that has weight or a neighbour with weight. */
export function smooth(weights: ReadonlyMap<string, number>): Map<string, number> {
  const smoothed = new Map<string, number>();
  const add = (cell: string, amount: number) => smoothed.set(cell, (smoothed.get(cell) ?? 0) + amount);
  for (const [cell, weight] of weights) {
    add(cell, weight / 2);
    // The shares depend on distance only, so giving to the neighbours is the same as gathering from them.
    for (const [other, share] of neighbourShares(cell)) add(other, (weight * share) / 2);
  }
  return smoothed;
}

/**
 * `μ = R·ln2 / (H(1 − 2^(−T/H)))`: expected events per day after observing for `observedDays` (at least one).
 */
export function expectedPerDay(smoothed: number, observedDays: number): number {
  const days = Math.max(1, observedDays);
  return (smoothed * Math.LN2) / (halfLifeDays * (1 - 2 ** (-days / halfLifeDays)));
}
