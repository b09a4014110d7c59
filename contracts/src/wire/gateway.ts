import { z } from 'zod';
import { cameraProbeCommandSchema } from './camera-probe.ts';
import { clockSourceSchema } from './clock.ts';
import { secondFactorSchema } from './events/face.ts';
import {
  deviceIdSchema,
  epochSchema,
  gatewayIdSchema,
  seqSchema,
  siteIdSchema,
  timeSchema,
  uuidSchema,
  zoneIdSchema,
} from './ids.ts';
import { stillCommandSchema } from './still.ts';

/**
 * `part`: one of several codes that make a text together. `plate`: a plate of another house, or with a wrong
 * signature.
 */
export const unknownCodeKindSchema = z.enum(['web_address', 'plate', 'gs1', 'ean', 'text', 'part']);

/** How a device of the gateway is doing. */
export const deviceHealthSchema = z.strictObject({
  device: deviceIdSchema,
  status: z.enum(['ok', 'degraded', 'lost', 'starting']),
  /** Code of the error registry that explains anything but `ok`. */
  error: z.string().max(64).optional(),
  /** Frames or readings since the gateway started. */
  readings: z.number().int().min(0),
  /** Frames or readings that could not be used. */
  unreadable: z.number().int().min(0),
  /**
   * Reports held back since the start because there were too many a minute: rejected passes, faces that could
   * not be judged.
   */
  heldBack: z.number().int().min(1).optional(),
  /**
   * Of devices that read codes: what was read and is no pass or plate of this site, by what it looks like.
   * Never its text.
   */
  unknownCodes: z
    .strictObject({
      counts: z.partialRecord(unknownCodeKindSchema, z.number().int().min(1)),
      last: z.strictObject({ kind: unknownCodeKindSchema, length: z.number().int().min(0) }),
    })
    .optional(),
  /**
   * Of a camera that is refused for its certificate: the pin of the one that it shows, as `connect.tls.pin`
   * takes it.
   */
  shownCertificate: z.string().max(64).optional(),
  /** Of cameras with a live stream: how old the newest picture was when it was decoded, milliseconds. */
  lagMs: z.number().int().min(0).optional(),
  /** Of cameras that match faces, once an hour has passed. */
  faces: z
    .strictObject({
      /** Entries in the gallery. */
      gallery: z.number().int().min(0),
      /** People whose faces were compared, per day. */
      peoplePerDay: z.number().min(0),
      /**
       * Candidates per day to expect of people who are not in the gallery, by the false-match rate measured
       * for the threshold.
       */
      expectedFalsePerDay: z.number().min(0),
    })
    .optional(),
});
export type DeviceHealth = z.infer<typeof deviceHealthSchema>;

/** How the certificate is doing by which the gateway is known. */
export const certificateHealthSchema = z.strictObject({
  status: z.enum(['ok', 'expires_soon', 'expired', 'renewal_fails']),
  expires: timeSchema,
  /** Code of the error registry, when the last renewal failed. */
  error: z.string().max(64).optional(),
});
export type CertificateHealth = z.infer<typeof certificateHealthSchema>;

/** Retained on `…/state`; `offline` is also the will. */
export const gatewayStateSchema = z.strictObject({
  status: z.enum(['online', 'offline']),
  time: timeSchema,
  /** Version of the edge agent. */
  version: z.string().max(32),
  /** Gateway clock minus server clock in milliseconds, once a receipt has come. */
  clockOffsetMs: z.number().nullable(),
  epoch: epochSchema.nullable(),
  /** Events written but not yet covered by a receipt. */
  outboxDepth: z.number().int().min(0),
  devices: z.array(deviceHealthSchema).max(500),
  /** Absent when the gateway has no certificate. */
  certificate: certificateHealthSchema.optional(),
  /** Where `clockOffsetMs` comes from. Absent from older gateways. */
  clockSource: clockSourceSchema.optional(),
  /**
   * Codes of the error registry for what is wrong with the gateway as a whole (`edge.clock_wrong`,
   * `edge.disk_full` …).
   */
  errors: z.array(z.string().max(64)).max(16).optional(),
  /** Events that the gateway could not keep, since its outbox was made. */
  eventsRefused: z.number().int().min(0).optional(),
  /** Said only while a server announces site parts: one of the last version does not know this. */
  sitePart: z
    .strictObject({
      /** The version in force; null before the first. */
      version: seqSchema.nullable(),
      /** Code of the error registry: why the version that was announced is not in force. */
      error: z.string().max(64).optional(),
    })
    .optional(),
});
export type GatewayState = z.infer<typeof gatewayStateSchema>;

/** Retained on `…/receipt`: everything of `epoch` up to and including `seq` is committed. */
export const receiptSchema = z.strictObject({
  epoch: epochSchema,
  /** The contiguous watermark; 0 when nothing is committed yet. */
  seq: z.number().int().min(0),
  /** Server time when the receipt was made. */
  time: timeSchema,
});
export type Receipt = z.infer<typeof receiptSchema>;

export const commandSchema = z.discriminatedUnion('name', [
  z.strictObject({ id: uuidSchema, expires: timeSchema, name: z.literal('ping') }),
  z.strictObject({
    id: uuidSchema,
    expires: timeSchema,
    name: z.literal('device.restart'),
    device: deviceIdSchema,
  }),
  z.strictObject({
    id: uuidSchema,
    expires: timeSchema,
    name: z.literal('simulator.trigger'),
    device: deviceIdSchema,
    action: z.string().min(1).max(32),
    value: z.number().optional(),
  }),
  stillCommandSchema,
  cameraProbeCommandSchema,
]);
export type Command = z.infer<typeof commandSchema>;

export const commandReplySchema = z.strictObject({
  id: uuidSchema,
  ok: z.boolean(),
  error: z.string().max(64).optional(),
  time: timeSchema,
});
export type CommandReply = z.infer<typeof commandReplySchema>;

/** Content of a policy before it is signed. */
export const policySchema = z.strictObject({
  site: siteIdSchema,
  gateway: gatewayIdSchema,
  version: seqSchema,
  issued: timeSchema,
  /** After this the gateway stops matching faces until a fresh policy comes (privacy rule 2). */
  expires: timeSchema,
  gallery: z.strictObject({
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    withdrawn: z.array(z.string().max(64)).max(10_000),
  }),
  passes: z.strictObject({ revoked: z.array(z.string().max(64)).max(10_000) }),
  armed: z.array(zoneIdSchema).max(500),
  /**
   * What a match of the access list needs besides the face. `none` is honoured only where the liveness model
   * has a certificate; left out means a guard, or nothing where it has one.
   */
  access: z.strictObject({ secondFactor: secondFactorSchema }).optional(),
});
export type Policy = z.infer<typeof policySchema>;

/**
 * Retained on `…/policy`: `policy` is base64url of the JSON bytes that `signature` (Ed25519, base64url)
 * covers.
 */
export const signedPolicySchema = z.strictObject({
  kid: z.string().min(1).max(64),
  policy: z.base64url(),
  signature: z.base64url(),
});
