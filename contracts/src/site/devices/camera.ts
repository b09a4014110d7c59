import { z } from 'zod';
import { timeSchema } from '../../wire/ids.ts';
import { fileConnectSchema } from '../connect/file.ts';
import { httpConnectSchema } from '../connect/http.ts';
import { rtspConnectSchema } from '../connect/rtsp.ts';
import { audienceSchema, deviceFields } from './device-fields.ts';
import { drawnAreasSchema } from './drawn-area.ts';
import { toldLinesSchema } from './drawn-line.ts';
import { masksSchema } from './masks.ts';
import { devicePolicy } from './policy.ts';

/**
 * Privacy rule 9: without this record a camera recognises no faces. It is written by people; the gateway only
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

const { lostAfterMs, frozenAfterMs, coveredAfterMs } = devicePolicy.camera.tamper;
const tamperLimit = z.number().int().min(0).max(86_400_000);

/** A camera. */
export const cameraSchema = z.strictObject({
  ...deviceFields,
  kind: z.literal('camera'),
  connect: z.discriminatedUnion('driver', [rtspConnectSchema, httpConnectSchema, fileConnectSchema]),
  /** Degrees clockwise that the picture is turned by; left out = as the stream says. */
  rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]).optional(),
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
  /** Look for faces; needs `assessment`, and a gallery at the gateway. */
  faces: z.boolean().default(true),
  /** Look for QR and other codes. */
  codes: z.boolean().default(true),
  audience: audienceSchema,
  /**
   * Parts of the upright picture that are blanked before anything looks at it. Left out where there are none:
   * a gateway of an older version refuses a camera with masks, which it would not blank, and no other.
   */
  masks: masksSchema.optional(),
  /** Lines that it watches; left out, like masks, where there are none. */
  lines: toldLinesSchema.optional(),
  /** Parts of its picture that are other zones; left out, like masks, where there are none. */
  areas: drawnAreasSchema.optional(),
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
