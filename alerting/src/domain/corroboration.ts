import type { PlanPoint } from './plan-projection.ts';

/** Something that a device said, as far as corroboration looks at it. */
export interface Statement {
  readonly device: string;
  readonly zone: string;
  readonly concern: string;
  readonly timeMs: number;
}

/** Statements this much earlier or later speak of the same happening. */
export const corroborationWindowMs = 2 * 60_000;
/** Devices in another zone corroborate up to this distance, metres. */
const nearM = 30;

/**
 * How many other devices say the like at about the same time, in the same zone or nearby. `placeOf` gives a device's
 * position on the plan.
 */
export function corroboratingDevices(
  statement: Statement,
  others: readonly Statement[],
  placeOf: (device: string) => PlanPoint | undefined,
): number {
  if (statement.concern === 'none') return 0;
  const here = placeOf(statement.device);
  const isNear = (other: Statement): boolean => {
    if (other.zone === statement.zone) return true;
    const there = placeOf(other.device);
    return (
      here !== undefined && there !== undefined && Math.hypot(here[0] - there[0], here[1] - there[1]) <= nearM
    );
  };
  const devices = new Set<string>();
  for (const other of others) {
    if (other.device === statement.device || other.concern !== statement.concern) continue;
    if (Math.abs(other.timeMs - statement.timeMs) > corroborationWindowMs) continue;
    if (isNear(other)) devices.add(other.device);
  }
  return devices.size;
}
