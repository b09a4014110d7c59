import { driverNames, localizedTextSchema, scanLineSchema } from '@watchpost/contracts/site';
import { type sensorKinds, topicLevelPattern } from '@watchpost/contracts/wire';
import { z } from 'zod';

const common = {
  /** Version of this schema. */
  schema: z.literal(1),
  id: z.string().regex(topicLevelPattern, 'expected [A-Za-z0-9_-]{1,64}'),
  name: localizedTextSchema,
  /**
   * Ways to reach it, the usual one first. `simulator` exists for every class except cameras, which play a
   * file.
   */
  drivers: z.array(z.enum(driverNames)).min(1).max(8),
  /**
   * Silence after which the device counts as lost, in milliseconds; left out for devices that only speak on
   * change.
   */
  silentAfterMs: z.number().int().min(100).max(86_400_000).optional(),
};

const cameraProfileSchema = z.strictObject({
  ...common,
  kind: z.literal('camera'),
  video: z.strictObject({
    codecs: z.array(z.enum(['h264', 'h265', 'mjpeg', 'av1', 'vp9'])).min(1),
    maxWidth: z.number().int().min(16).max(16_384),
    maxFps: z.number().min(1).max(240),
  }),
});

const codeReaderProfileSchema = z.strictObject({
  ...common,
  kind: z.literal('code_reader'),
  line: scanLineSchema.prefault({}),
});

const doorContactProfileSchema = z.strictObject({
  ...common,
  kind: z.literal('door_contact'),
  /** The door counts as an incident when it has been open for longer; 0 = at once. */
  openLongerThanMs: z.number().int().min(0).max(3_600_000),
});

const smokeProfileSchema = z.strictObject({ ...common, kind: z.literal('smoke') });

const temperatureProfileSchema = z.strictObject({
  ...common,
  kind: z.literal('temperature'),
  /** SenML unit (RFC 8428 §12.1). */
  unit: z.literal('Cel'),
  intervalMs: z.number().int().min(100).max(3_600_000),
  /** What the device can measure; a value outside is unreadable. */
  range: z.strictObject({ min: z.number(), max: z.number() }),
  /**
   * Alarm above `high` or below `low`; cleared only `hysteresis` inside, so that a value at the limit does
   * not chatter.
   */
  limits: z.strictObject({ low: z.number(), high: z.number(), hysteresis: z.number().min(0) }),
});

/** One supported device model: what it is called, how it is reached and what its readings mean. */
export const hardwareProfileSchema = z.discriminatedUnion('kind', [
  cameraProfileSchema,
  codeReaderProfileSchema,
  doorContactProfileSchema,
  smokeProfileSchema,
  temperatureProfileSchema,
]);
export type HardwareProfile = z.infer<typeof hardwareProfileSchema>;
export type ProfileOf<K extends HardwareProfile['kind']> = Extract<HardwareProfile, { kind: K }>;

/** The sensor kind of the wire for each class of sensor. */
export const sensorKindOf = {
  door_contact: 'door',
  smoke: 'smoke',
  temperature: 'temperature',
} as const satisfies Record<string, (typeof sensorKinds)[number]>;
