import { z } from 'zod';

/** What a sensor watches; also the key of its alarm texts. */
export const sensorKinds = ['door', 'smoke', 'temperature', 'motion', 'water', 'glass_break', 'gas'] as const;

const reading = {
  kind: z.enum(sensorKinds),
  /** The measured value where there is one, in `unit`. */
  value: z.number().optional(),
  /** SenML unit (RFC 8428 §12.1), e.g. `Cel`. */
  unit: z.string().min(1).max(16).optional(),
};

export const sensorAlarmSchema = z.strictObject({
  ...reading,
  /** The limit that was crossed, in `unit`. */
  limit: z.number().optional(),
});

export const sensorClearedSchema = z.strictObject(reading);

/** A value that is unusual for this sensor, though no limit was crossed. */
export const sensorAnomalySchema = z.strictObject({
  ...reading,
  /** How unusual, 0…1. */
  score: z.number().min(0).max(1),
  reason: z.enum(['level', 'spike', 'drift', 'flat', 'missing', 'season']),
  /** What the detector expected, in `unit`. */
  expected: z.number().optional(),
  /** Who judged: `sequence` is the model trained on this sensor; left out, it was the statistics. */
  judge: z.enum(['statistics', 'sequence']).optional(),
});
