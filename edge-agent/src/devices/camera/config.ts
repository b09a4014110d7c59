import { timeSchema } from '@watchpost/contracts/wire';
import { z } from 'zod';
import { cameraPolicy } from '../../camera/policy.ts';
import { device } from '../device-fields.ts';

/**
 * Privacy rule 9: without this record a camera recognises no faces. It is written by people; the agent only
 * refuses to start when it is missing, not approved or dated in the future.
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
  passwordFile: z.string().min(1).max(4096).optional(),
  /** Which way RTP comes: `auto` = TCP, and UDP where the camera refuses that. */
  transport: z.enum(['auto', 'tcp', 'udp']).default('auto'),
  /** Degrees clockwise that the picture is turned by; left out = as the stream says. */
  rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]).optional(),
  /** Play a file again and again, in real time. Streams are always live. */
  loop: z.boolean().default(false),
  /**
   * Width at which movement and faces are looked for; pictures are scaled to it (never up), with square
   * pixels, before they are turned.
   */
  analysisWidth: z.number().int().min(64).max(3840).default(640),
  /**
   * Width at which the whole picture is searched for codes; its busiest parts are searched with all their
   * pixels.
   */
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
