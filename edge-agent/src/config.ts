import { WatchpostError } from '@watchpost/contracts/errors';
import {
  type Device,
  type DeviceOf,
  deviceSchema,
  ipSchema,
  parseCameraAddress,
  passTimes,
  portSchema,
  secretNameSchema,
} from '@watchpost/contracts/site';
import {
  canaryPaceSchema,
  deviceIdSchema,
  gatewayIdSchema,
  parseWith,
  reservedGatewayIds,
  siteIdSchema,
} from '@watchpost/contracts/wire';
import { isReadableOnTheWay } from '@watchpost/service';
import { z } from 'zod';
import { brokerAccessSchema, refusePlainCredentials } from './identity/broker-access.ts';
import { toPresentForm } from './older-device-form.ts';
import { motionPolicySchema } from './recognition/policy.ts';

const fileSchema = z.string().min(1).max(4096);
const keySchema = z.strictObject({
  kid: z.string().min(1).max(64),
  alg: z.literal('EdDSA').default('EdDSA'),
  /** Raw Ed25519 public key (32 bytes), base64url. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'expected 32 bytes as base64url'),
  /** When given, only passes of this issuer are accepted under the key. */
  iss: z.string().min(1).max(64).optional(),
  /**
   * When given, the key verifies nothing at and after this, milliseconds since the epoch: what `pass rotate`
   * prints for a key that was replaced.
   */
  validUntil: z.number().int().min(0).optional(),
});

/** Everything an edge agent is told. Files are absolute or relative to the configuration file. */
export const edgeAgentConfigSchema = z
  .strictObject({
    site: siteIdSchema,
    gateway: gatewayIdSchema.refine((id) => !reservedGatewayIds.includes(id), 'reserved name'),
    /** Holds `outbox.sqlite` and `policy.json`; made when missing. */
    dataFolder: fileSchema,
    broker: brokerAccessSchema,
    devices: z.array(deviceSchema).max(500),
    /** Devices that are switched off because their entry in the site file has a mistake. */
    devicesOff: z
      .strictObject({
        /** Those that the site shows: each is reported as lost. */
        shown: z.array(deviceIdSchema).max(500).default([]),
        /** How many entries say too little to be shown: the gateway as a whole says so. */
        others: z.number().int().min(0).default(0),
      })
      .prefault({}),
    /** Where devices with the driver `webhook` call: an address of the device network. */
    hooks: z.strictObject({ address: ipSchema.default('127.0.0.1'), port: portSchema }).optional(),
    /** What counts as movement for cameras. */
    motion: motionPolicySchema.prefault({}),
    /** How often it shows that what it says comes through the whole chain; without it, not at all. */
    canary: z.strictObject({ everyMs: canaryPaceSchema }).optional(),
    /** Holds the secrets that devices name, each in a file of its name that only its owner may read. */
    secretsFolder: fileSchema.default('secrets'),
    /** Files of secrets that lie elsewhere, by name. */
    secretFiles: z.record(secretNameSchema, fileSchema).default({}),
    /**
     * Made by `encodeGallery`; `keysFile` is JSON `{"deploymentKey":…,"transformKey":…}`, 32 bytes each as
     * base64url.
     */
    gallery: z.strictObject({ file: fileSchema, keysFile: fileSchema }).optional(),
    passes: z
      .strictObject({
        issuers: z.array(keySchema).max(100).default([]),
        /** Gate or zone that this gateway guards. */
        audience: z.string().min(1).max(64).default('gate'),
        ...passTimes,
        clockSkewMs: passTimes.clockSkewMs.default(0),
        /**
         * Redeem each accepted pass in `redemptions.sqlite`. A demonstration that shows one pass again and
         * again sets this to false.
         */
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
        /**
         * Faces below this liveness abstain with `spoof`, 0…1; 0 never. Take it from a test with your model:
         * none is known for the default one.
         */
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
    /**
     * The server tells the gateway its permit with the gallery, and its devices; those above are then those
     * of a start without any word of it.
     */
    told: z
      .strictObject({
        /**
         * The gateway runs on the server’s computer: its devices are told by this file alone, and it may
         * reach the broker by a password. This is what it is known by at the door; whoever wrote the file
         * puts it there, which may take a while.
         */
        local: z.strictObject({ caFile: fileSchema, certFile: fileSchema }).optional(),
        /** The gateway door. */
        door: z.url({ protocol: /^https$/ }),
        /** Whose announcements count. */
        keys: z
          .array(keySchema.pick({ kid: true, publicKey: true }))
          .min(1)
          .max(16),
      })
      .optional(),
    /** The socket file at which the server counts uses of passes, for a gateway on its computer. */
    passUses: z.strictObject({ socket: fileSchema }).optional(),
    /** How long measurements are collected before they are sent. */
    telemetryEveryMs: z.number().int().min(100).max(600_000).default(5000),
    logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  })
  .superRefine((config, context) => {
    const { told, broker } = config;
    if (told && !told.local && !(broker.caFile && broker.certFile))
      context.addIssue({ code: 'custom', path: ['told'], message: 'expected with a certificate' });
    const seen = new Set<string>();
    config.devices.forEach((entry, index) => {
      const complain = (field: string, message: string) =>
        context.addIssue({ code: 'custom', path: ['devices', index, field], message });
      if (seen.has(entry.id)) complain('id', 'used twice');
      seen.add(entry.id);
      if (entry.connect.driver === 'webhook' && !config.hooks)
        context.addIssue({ code: 'custom', path: ['hooks'], message: `${entry.id} needs it` });
      if (entry.kind !== 'camera' || !entry.faces) return;
      if (!entry.assessment) complain('assessment', 'face recognition needs an approved assessment');
      if (!config.gallery && !told) complain('faces', 'face recognition needs a gallery');
    });
  });

export type EdgeAgentConfig = z.infer<typeof edgeAgentConfigSchema>;
/** The configuration as it is written, before defaults. */
export type EdgeAgentConfigInput = z.input<typeof edgeAgentConfigSchema>;

/**
 * Checks a configuration at `nowMs` (milliseconds since the epoch); devices in their older form are taken
 * too.
 * @throws WatchpostError `config.invalid` with the offending path, `config.plain_credentials`,
 *   `config.camera_address` for the address of a camera.
 */
export function parseEdgeAgentConfig(value: unknown, nowMs: number): EdgeAgentConfig {
  const { config, writtenPath } = toPresentForm(value);
  try {
    return parsePresentForm(config, nowMs);
  } catch (error) {
    if (!(error instanceof WatchpostError) || error.path === undefined) throw error;
    const { code, details, cause } = error;
    throw new WatchpostError(code, { path: writtenPath(error.path), details, cause });
  }
}

function parsePresentForm(value: unknown, nowMs: number): EdgeAgentConfig {
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
    const path = `/devices/${index}/connect`;
    if (device.kind === 'camera') checkAddress(device, `${path}/url`);
    refusePlainPassword(device.connect, path);
  });
  return config;
}

/** The password of a broker of the device network goes in the clear only where that was configured. */
function refusePlainPassword(connect: Device['connect'], path: string): void {
  if (!('insecure' in connect) || connect.password === undefined || connect.insecure) return;
  if (isReadableOnTheWay(connect.url))
    throw new WatchpostError('config.plain_credentials', { path: `${path}/insecure` });
}

/**
 * Its own step, because what is wrong with an address has a code of its own and is told without the address.
 */
function checkAddress({ connect }: DeviceOf<'camera'>, path: string): void {
  const refuse = (reason: string) =>
    new WatchpostError('config.camera_address', { path, details: { reason } });
  const address = parseCameraAddress(connect.url, path);
  if (address.kind !== connect.driver) throw refuse('driver');
  if (address.kind === 'file' || connect.driver === 'file') return;
  if (address.user !== undefined && connect.user !== undefined) throw refuse('user_twice');
}
