import {
  deviceIdSchema,
  gatewayIdSchema,
  parseWith,
  reservedGatewayIds,
  siteIdSchema,
  timeSchema,
  zoneIdSchema,
} from '@watchpost/contracts';
import { simulatorPlanSchema } from '@watchpost/hardware';
import { z } from 'zod';

const fileSchema = z.string().min(1).max(4096);
const keySchema = z.strictObject({
  kid: z.string().min(1).max(64),
  alg: z.literal('EdDSA').default('EdDSA'),
  /** Raw Ed25519 public key (32 bytes), base64url. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'expected 32 bytes as base64url'),
  /** When given, only passes of this issuer are accepted under the key. */
  iss: z.string().min(1).max(64).optional(),
});

/**
 * Privacy rule 9: without this record a camera recognises no faces. It is written by people; the agent only refuses to
 * start when it is missing, not approved or dated in the future.
 */
export const assessmentSchema = z.strictObject({
  /** Reference of the impact assessment. */
  reference: z.string().min(1).max(128),
  approvedBy: z.string().min(1).max(128),
  approvedAt: timeSchema,
  /** Where the notice sign hangs and when it was seen there. */
  noticeSign: z.strictObject({ place: z.string().min(1).max(200), checkedAt: timeSchema }),
  /** Declared: the space that the camera sees is not private. */
  notPrivate: z.literal(true),
});

const device = {
  id: deviceIdSchema,
  zone: zoneIdSchema,
  /** Id of a hardware profile. */
  profile: z.string().min(1).max(64),
};

/** A camera: `url` is a stream (rtsp, http) or the path of a video file. */
export const cameraConfigSchema = z.strictObject({
  ...device,
  kind: z.literal('camera'),
  url: z.string().min(1).max(4096),
  /** Play a file again and again, in real time. Streams are always live. */
  loop: z.boolean().default(false),
  /** Frames are scaled to this width (never up). */
  analysisWidth: z.number().int().min(64).max(3840).default(640),
  /** Most frames per second that are analysed. */
  fps: z.number().min(0.1).max(60).default(8),
  /** Look for faces; needs `gallery` and `assessment`. */
  faces: z.boolean().default(true),
  /** Look for QR and other codes. */
  codes: z.boolean().default(true),
  /** Gate or zone that a pass shown here must name; default: that of `passes`. */
  audience: z.string().min(1).max(64).optional(),
  assessment: assessmentSchema.optional(),
});

/** Drivers for real serial, TCP and Modbus devices come later; the field is there so that configurations stay valid. */
const simulated = { driver: z.literal('simulator'), simulator: simulatorPlanSchema.prefault({}) };

export const codeReaderConfigSchema = z.strictObject({
  ...device,
  kind: z.literal('code_reader'),
  ...simulated,
  audience: z.string().min(1).max(64).optional(),
});

export const doorContactConfigSchema = z.strictObject({
  ...device,
  kind: z.literal('door_contact'),
  ...simulated,
  /** Overrides the profile; 0 = opening is the incident. */
  openLongerThanMs: z.number().int().min(0).max(3_600_000).optional(),
});

export const smokeConfigSchema = z.strictObject({ ...device, kind: z.literal('smoke'), ...simulated });

export const temperatureConfigSchema = z.strictObject({
  ...device,
  kind: z.literal('temperature'),
  ...simulated,
  /** Overrides of the profile's limits in °C. */
  limits: z
    .strictObject({ low: z.number(), high: z.number(), hysteresis: z.number().min(0) })
    .partial()
    .optional(),
  /** How unusual stretches are found. */
  series: z
    .strictObject({
      /**
       * `measured` (default) takes what was measured to be better for this class of series; `sequence` and `combined` train a model on this sensor's own normal
       * readings and judge by it, alone or beside the statistics.
       */
      judge: z.enum(['measured', 'statistical', 'sequence', 'combined']).default('measured'),
      /** A model is trained again at least so often. */
      retrainEveryMs: z
        .number()
        .int()
        .min(600_000)
        .max(366 * 86_400_000)
        .default(7 * 86_400_000),
    })
    .prefault({}),
});

export const deviceConfigSchema = z.discriminatedUnion('kind', [
  cameraConfigSchema,
  codeReaderConfigSchema,
  doorContactConfigSchema,
  smokeConfigSchema,
  temperatureConfigSchema,
]);

/** Everything an edge agent is told. Files are absolute or relative to the configuration file. */
export const edgeAgentConfigSchema = z
  .strictObject({
    site: siteIdSchema,
    gateway: gatewayIdSchema.refine((id) => !reservedGatewayIds.includes(id), 'reserved name'),
    /** Holds `outbox.sqlite` and `policy.json`; made when missing. */
    dataFolder: fileSchema,
    /** `username` and `password` as issued for this gateway. */
    broker: z.strictObject({
      url: z.string().regex(/^(mqtt|tcp|mqtts):\/\//, 'expected mqtt://host:port'),
      username: z.string().max(256).optional(),
      password: z.string().max(256).optional(),
    }),
    devices: z.array(deviceConfigSchema).min(1).max(500),
    /** Made by `encodeGallery`; `keysFile` is JSON `{"deploymentKey":…,"transformKey":…}`, 32 bytes each as base64url. */
    gallery: z.strictObject({ file: fileSchema, keysFile: fileSchema }).optional(),
    passes: z
      .strictObject({
        issuers: z.array(keySchema).max(100).default([]),
        /** Gate or zone that this gateway guards. */
        audience: z.string().min(1).max(64).default('gate'),
        clockSkewMs: z.number().int().min(0).max(600_000).default(0),
        /** Pins the domain of address plates. */
        plateDomain: z.string().min(1).max(253).optional(),
      })
      .prefault({}),
    policy: z
      .strictObject({
        /** Match no face until a valid policy has come. Only a demonstration sets this to false. */
        require: z.boolean().default(true),
        keys: z.array(keySchema).max(16).default([]),
      })
      .prefault({}),
    models: z
      .strictObject({
        detector: z.string().min(1).optional(),
        landmarks: z.string().min(1).optional(),
        recogniser: z.string().min(1).optional(),
        filesFrom: fileSchema.optional(),
        /** Also judge liveness (advisory). */
        liveness: z.boolean().default(false),
        /** Comparable frames of a face before the first decision. */
        minFrames: z.number().int().min(1).max(100).default(3),
      })
      .prefault({}),
    outbox: z
      .strictObject({
        /** Above this the outbox is full: see the README for what then happens. */
        maxBytes: z
          .number()
          .int()
          .min(64 * 1024)
          .default(256 * 1024 * 1024),
      })
      .prefault({}),
    /** How long measurements are collected before they are sent. */
    telemetryEveryMs: z.number().int().min(100).max(600_000).default(5000),
    logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  })
  .superRefine((config, context) => {
    const seen = new Set<string>();
    config.devices.forEach((entry, index) => {
      const complain = (field: string, message: string) =>
        context.addIssue({ code: 'custom', path: ['devices', index, field], message });
      if (seen.has(entry.id)) complain('id', 'used twice');
      seen.add(entry.id);
      if (entry.kind !== 'camera' || !entry.faces) return;
      if (!entry.assessment) complain('assessment', 'face recognition needs an approved assessment');
      if (!config.gallery) complain('faces', 'face recognition needs a gallery');
    });
  });

export type EdgeAgentConfig = z.infer<typeof edgeAgentConfigSchema>;
/** The configuration as it is written, before defaults. */
export type EdgeAgentConfigInput = z.input<typeof edgeAgentConfigSchema>;
export type DeviceConfig = z.infer<typeof deviceConfigSchema>;
export type DeviceConfigOf<K extends DeviceConfig['kind']> = Extract<DeviceConfig, { kind: K }>;

/**
 * Checks a configuration at `nowMs` (milliseconds since the epoch).
 * @throws WatchpostError `config.invalid` with the offending path.
 */
export function parseEdgeAgentConfig(value: unknown, nowMs: number): EdgeAgentConfig {
  const approvedBy = new Date(nowMs).toISOString();
  const schema = edgeAgentConfigSchema.superRefine(({ devices }, context) => {
    devices.forEach((entry, index) => {
      if (entry.kind !== 'camera' || !entry.assessment || entry.assessment.approvedAt <= approvedBy) return;
      context.addIssue({
        code: 'custom',
        path: ['devices', index, 'assessment', 'approvedAt'],
        message: 'approved in the future',
      });
    });
  });
  return parseWith(schema, value, 'config.invalid');
}
