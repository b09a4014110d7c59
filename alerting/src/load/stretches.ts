/** A time on duty, milliseconds since the Unix epoch. */
export interface OnDutySpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What one position had to deal with. */
export interface PositionLoad {
  readonly alerts: number;
  readonly perPosition: number;
  readonly shareAbove: number;
}

/** Ten minutes (or whatever they are), with what was opened in them and how many people were there. */
export interface Stretch {
  readonly atMs: number;
  readonly alerts: number;
  readonly positions: number;
}

/**
 * Cuts a time into stretches. Who was there for more than half of one counts in it; one position is reckoned
 * where nobody was.
 */
export function stretchesOf(
  openings: readonly number[],
  onDuty: readonly OnDutySpan[],
  {
    fromMs,
    untilMs,
    stretchMs,
  }: { readonly fromMs: number; readonly untilMs: number; readonly stretchMs: number },
): Stretch[] {
  const count = Math.max(0, Math.ceil((untilMs - fromMs) / stretchMs));
  const alerts = new Array<number>(count).fill(0);
  for (const at of openings) {
    const index = Math.floor((at - fromMs) / stretchMs);
    if (index >= 0 && index < count) alerts[index] = (alerts[index] ?? 0) + 1;
  }
  const positions = new Array<number>(count).fill(0);
  for (const span of onDuty) {
    // The middle of a stretch is in it.
    const first = Math.max(0, Math.ceil((span.fromMs - fromMs) / stretchMs - 0.5));
    const end = Math.min(count, Math.ceil((span.untilMs - fromMs) / stretchMs - 0.5));
    for (let index = first; index < end; index += 1) positions[index] = (positions[index] ?? 0) + 1;
  }
  return alerts.map((opened, index) => ({
    ...{ atMs: fromMs + index * stretchMs, alerts: opened },
    positions: Math.max(1, positions[index] ?? 0),
  }));
}

/** What they say together. */
export function loadOf(stretches: readonly Stretch[], alertsAtMost: number): PositionLoad {
  const each = stretches.map(({ alerts, positions }) => alerts / positions);
  const mean = each.reduce((sum, one) => sum + one, 0) / Math.max(1, each.length);
  const above = each.filter((one) => one > alertsAtMost).length;
  return {
    alerts: stretches.reduce((sum, { alerts }) => sum + alerts, 0),
    perPosition: Math.round(mean * 100) / 100,
    shareAbove: each.length === 0 ? 0 : Math.round((above / each.length) * 1_000) / 1_000,
  };
}
