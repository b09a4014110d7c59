import { WatchpostError } from '@watchpost/contracts/errors';
import {
  deviceIdSchema,
  gatewayIdSchema,
  parseWith,
  reservedGatewayIds,
  siteIdSchema,
  timeSchema,
  zoneIdSchema,
} from '@watchpost/contracts/wire';
import { scanLineSchema, simulatorPlanSchema } from '@watchpost/hardware';
import { z } from 'zod';
import { parseCameraAddress } from './camera/camera-address.ts';
import { cameraPolicy } from './camera/policy.ts';
import { brokerAccessSchema, refusePlainCredentials } from './identity/broker-access.ts';

const fileSchema = z.string().min(1).max(4096);
const keySchema = z.strictObject({
  kid: z.string().min(1).max(64),
  alg: z.literal('EdDSA').default('EdDSA'),
  /** Raw Ed25519 public key (32 bytes), base64url. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'expected 32 bytes as base64url'),
  /** When given, only passes of this issuer are accepted under the key. */
  iss: z.string().min(1).max(64).optional(),
  /** When given, the key verifies nothing at and after this, milliseconds since the epoch: what `pass rotate` prints for a key that was replaced. */
  validUntil: z.number().int().min(0).optional(),
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

const { lostAfterMs, frozenAfterMs, coveredAfterMs } = cameraPolicy.tamper;
const tamperLimit = z.number().int().min(0).max(86_400_000);

/** A camera: `url` is a stream (rtsp, rtsps, http, https) or the path of a video file. */
export const cameraConfigSchema = z.strictObject({
  ...device,
  kind: z.literal('camera'),
  url: z.string().min(1).max(4096),
  /** Name that the camera knows; kept apart from the address. */
  user: z.string().min(1).max(128).optional(),
  /** File with the password alone, for the agent’s user only; read at every connection. */
  passwordFile: fileSchema.optional(),
  /** Which way RTP comes: `auto` = TCP, and UDP where the camera refuses that. */
  transport: z.enum(['auto', 'tcp', 'udp']).default('auto'),
  /** Degrees clockwise that the picture is turned by; left out = as the stream says. */
  rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]).optional(),
  /** Play a file again and again, in real time. Streams are always live. */
  loop: z.boolean().default(false),
  /** Width at which movement and faces are looked for; pictures are scaled to it (never up), with square pixels, before they are turned. */
  analysisWidth: z.number().int().min(64).max(3840).default(640),
  /** Width at which the whole picture is searched for codes; its busiest parts are searched with all their pixels. */
  codesWidth: z.number().int().min(64).max(3840).default(960),
  /** Most frames per second that are analysed. */
  fps: z.number().min(0.1).max(60).default(8),
  /** Look for faces; needs `gallery` and `assessment`. */
  faces: z.boolean().default(true),
  /** Look for QR and other codes. */
  codes: z.boolean().default(true),
  /** Gate or zone that a pass shown here must name; default: that of `passes`. */
  audience: z.string().min(1).max(64).optional(),
  /** When somebody is told that the camera does not see: milliseconds, 0 = never. */
  tamper: z
    .strictObject({
      /** No picture. */
      lostAfterMs: tamperLimit.default(lostAfterMs),
      /** The same picture, pixel by pixel. */
      frozenAfterMs: tamperLimit.default(frozenAfterMs),
      /** A black picture, or one without content. */
      coveredAfterMs: tamperLimit.default(coveredAfterMs),
    })
    .prefault({}),
  assessment: assessmentSchema.optional(),
});

const simulated = { driver: z.literal('simulator'), simulator: simulatorPlanSchema.prefault({}) };

const codeReader = {
  ...device,
  kind: z.literal('code_reader'),
  /** Gate or zone that a pass shown here must name; default: that of `passes`. */
  audience: z.string().min(1).max(64).optional(),
};
/** Overrides of the profile's `line`. */
const line = z
  .strictObject({
    framing: scanLineSchema.shape.framing.unwrap(),
    idleMs: scanLineSchema.shape.idleMs.unwrap(),
    maxChars: scanLineSchema.shape.maxChars.unwrap(),
    encoding: scanLineSchema.shape.encoding.unwrap(),
    prefix: scanLineSchema.shape.prefix.unwrap(),
    suffix: scanLineSchema.shape.suffix.unwrap(),
    aimIdentifier: scanLineSchema.shape.aimIdentifier.unwrap(),
  })
  .partial()
  .prefault({});

export const serialReaderConfigSchema = z.strictObject({
  ...codeReader,
  driver: z.literal('serial'),
  serial: z.strictObject({
    /** `/dev/serial/by-id/…` stays the same when another device is plugged in; `COM3` on Windows. */
    path: z.string().min(1).max(4096),
    baud: z.number().int().min(300).max(4_000_000).default(9600),
    dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
    parity: z.enum(['none', 'even', 'odd']).default('none'),
    stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
  }),
  line,
});

const portSchema = z.number().int().min(1).max(65_535);
export const tcpReaderConfigSchema = z.strictObject({
  ...codeReader,
  driver: z.literal('tcp'),
  tcp: z.union([
    /** The agent calls the reader. */
    z.strictObject({ host: z.string().min(1).max(253), port: portSchema }),
    /** The reader calls the agent: one connection at a time, from the named IP addresses only. */
    z.strictObject({
      listen: portSchema,
      address: z.union([z.ipv4(), z.ipv6()]).default('127.0.0.1'),
      from: z
        .array(z.union([z.ipv4(), z.ipv6()]))
        .min(1)
        .max(64),
    }),
  ]),
  line,
});

export const simulatedReaderConfigSchema = z.strictObject({ ...codeReader, ...simulated });

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
  z.discriminatedUnion('driver', [
    simulatedReaderConfigSchema,
    serialReaderConfigSchema,
    tcpReaderConfigSchema,
  ]),
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
    broker: brokerAccessSchema,
    devices: z.array(deviceConfigSchema).min(1).max(500),
    /** Made by `encodeGallery`; `keysFile` is JSON `{"deploymentKey":…,"transformKey":…}`, 32 bytes each as base64url. */
    gallery: z.strictObject({ file: fileSchema, keysFile: fileSchema }).optional(),
    passes: z
      .strictObject({
        issuers: z.array(keySchema).max(100).default([]),
        /** Gate or zone that this gateway guards. */
        audience: z.string().min(1).max(64).default('gate'),
        clockSkewMs: z.number().int().min(0).max(600_000).default(0),
        /** Redeem each accepted pass in `redemptions.sqlite`. A demonstration that shows one pass again and again sets this to false. */
        countUses: z.boolean().default(true),
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
        /** Faces below this liveness abstain with `spoof`, 0…1; 0 never. Take it from a test with your model: none is known for the default one. */
        minLiveness: z.number().min(0).max(1).default(0),
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
      if (entry.kind === 'camera' && entry.passwordFile !== undefined && entry.user === undefined)
        complain('user', 'a password needs its user');
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
 * @throws WatchpostError `config.invalid` with the offending path, `config.plain_credentials`, `config.camera_address` for the address of a camera.
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
  const config = parseWith(schema, value, 'config.invalid');
  refusePlainCredentials(config.broker);
  config.devices.forEach((device, index) => {
    if (device.kind === 'camera') checkAddress(device, `/devices/${index}/url`);
  });
  return config;
}

/** Its own step, because what is wrong with an address has a code of its own and is told without the address. */
function checkAddress({ url, user }: DeviceConfigOf<'camera'>, path: string): void {
  const address = parseCameraAddress(url, path);
  if (address.kind !== 'file' && address.user !== undefined && user !== undefined)
    throw new WatchpostError('config.camera_address', { path, details: { reason: 'user_twice' } });
}
