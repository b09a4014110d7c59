import { localizedTextSchema } from '@watchpost/contracts/site';
import { type sensorKinds, topicLevelPattern } from '@watchpost/contracts/wire';
import { z } from 'zod';

/**
 * How a device of a class can be reached. `simulator` exists for every class except cameras, which play a
 * file.
 */
export const driverNames = ['rtsp', 'http', 'file', 'serial', 'tcp', 'gpio', 'modbus', 'simulator'] as const;

const common = {
  /** Version of this schema. */
  schema: z.literal(1),
  id: z.string().regex(topicLevelPattern, 'expected 1–64 of A–Z a–z 0–9 _ -'),
  name: localizedTextSchema,
  /** Ways to reach it, the usual one first. */
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

/** How a code reader talks; the edge agent's configuration may set each differently for one device. */
export const scanLineSchema = z.strictObject({
  /**
   * What ends a scan: `line` = CR, LF, CR LF, Tab or ETX, whichever comes; `cr`, `lf`, `crlf`, `tab`, `etx` =
   * that alone; `idle` = silence of `idleMs`, for readers that send no end.
   */
  framing: z.enum(['line', 'cr', 'lf', 'crlf', 'tab', 'etx', 'idle']).default('line'),
  /**
   * Silence that ends a scan with `idle` framing; with the others, silence after which an unfinished scan is
   * dropped is ten times this.
   */
  idleMs: z.number().int().min(5).max(5000).default(50),
  /** Longest scan in characters; longer ones are unreadable. */
  maxChars: z.number().int().min(16).max(8192).default(2048),
  /**
   * `latin-1` is ISO 8859-1, each byte one character. Bytes that the encoding does not have make a scan
   * unreadable.
   */
  encoding: z.enum(['utf-8', 'ascii', 'latin-1', 'gb18030']).default('utf-8'),
  /** Taken off the front when it is there. */
  prefix: z.string().max(32).default(''),
  /** Taken off the end when it is there. */
  suffix: z.string().max(32).default(''),
  /**
   * The reader puts the AIM identifier of the symbology (`]Q1`, ISO/IEC 15424) in front; it is taken off
   * unless it says GS1. Passes and plates are found behind one without this setting too.
   */
  aimIdentifier: z.boolean().default(false),
});
export type ScanLine = z.infer<typeof scanLineSchema>;

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
