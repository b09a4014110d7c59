import { z } from 'zod';
import { deviceIdSchema, gatewayIdSchema, siteIdSchema, timeSchema, uuidSchema } from './ids.ts';

/** What is asked for: one picture of one camera, by somebody who said why. */
const still = { device: deviceIdSchema, reason: z.string().min(1).max(500) };

/**
 * Command `still`: the gateway posts a JPEG of its newest frame, masks blanked, to `/stills/{id}` of the
 * gateway door, or why there is none. It is signed, because a broker may be somebody else’s.
 */
export const stillCommandSchema = z.strictObject({
  id: uuidSchema,
  expires: timeSchema,
  name: z.literal('still'),
  ...still,
  kid: z.string().min(1).max(64),
  /** Ed25519 over {@link stillStatement}, base64url. */
  signature: z.base64url().max(128),
});
export type StillCommand = z.infer<typeof stillCommandSchema>;

/** The text that the signature of a command covers; an array, so that it is no announcement. */
export const stillStatement = (
  to: { readonly site: string; readonly gateway: string },
  { id, expires, device, reason }: Pick<StillCommand, 'id' | 'expires' | 'device' | 'reason'>,
): string => JSON.stringify(['watchpost.still.v1', to.site, to.gateway, id, expires, device, reason]);

/** In place of a picture: a code of the error registry. */
export const noStillSchema = z.strictObject({ error: z.string().min(1).max(64) });

/** What alerting asks the process at the gateway door; the answer is the picture. */
export const stillAskSchema = z.strictObject({ site: siteIdSchema, gateway: gatewayIdSchema, ...still });
export type StillAsk = z.infer<typeof stillAskSchema>;

/** One picture on its way. */
export const stillLimits = {
  /** Largest JPEG, bytes. */
  jpegBytes: 4 * 1024 * 1024,
  /** From the question to the picture, milliseconds. */
  withinMs: 12_000,
} as const;
