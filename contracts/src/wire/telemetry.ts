import { z } from 'zod';

/**
 * One record of a SenML pack (RFC 8428 §4). We use base name `bn` = `{device}/`, base time `bt` in Unix
 * seconds, name `n`, unit `u`, one of `v|vs|vb`, and time `t` relative to `bt`.
 */
export const senmlRecordSchema = z.strictObject({
  bn: z.string().max(128).optional(),
  bt: z.number().optional(),
  bu: z.string().max(16).optional(),
  n: z.string().max(64).optional(),
  u: z.string().max(16).optional(),
  v: z.number().optional(),
  vs: z.string().max(200).optional(),
  vb: z.boolean().optional(),
  t: z.number().optional(),
});
export type SenmlRecord = z.infer<typeof senmlRecordSchema>;

export const telemetryPackSchema = z.array(senmlRecordSchema).min(1).max(500);

/** A measurement after its base fields were resolved (RFC 8428 §4.6). */
export interface Measurement {
  /** Device id: the part of the resolved name before the first `/`. */
  readonly device: string;
  /** What is measured, e.g. `temperature`. */
  readonly metric: string;
  readonly unit: string | null;
  readonly value: number;
  /** Milliseconds since the Unix epoch. */
  readonly timeMs: number;
}

/** RFC 8428 §4.5.3: a smaller time is relative to now. */
const relativeTimeBelowS = 2 ** 28;

/** Resolves a pack into numeric measurements; booleans become 0/1, strings are left out. */
export function resolveTelemetry(pack: readonly SenmlRecord[], nowMs: number): Measurement[] {
  const measurements: Measurement[] = [];
  let base: { name: string; time: number; unit: string | null } = { name: '', time: 0, unit: null };
  for (const record of pack) {
    base = { name: record.bn ?? base.name, time: record.bt ?? base.time, unit: record.bu ?? base.unit };
    const value = record.v ?? (record.vb === undefined ? undefined : Number(record.vb));
    const name = base.name + (record.n ?? '');
    const slash = name.indexOf('/');
    if (value === undefined || slash < 1 || slash === name.length - 1) continue;
    const seconds = base.time + (record.t ?? 0);
    measurements.push({
      device: name.slice(0, slash),
      metric: name.slice(slash + 1),
      unit: record.u ?? base.unit,
      value,
      timeMs: seconds < relativeTimeBelowS ? nowMs + seconds * 1000 : seconds * 1000,
    });
  }
  return measurements;
}
