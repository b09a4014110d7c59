import { z } from 'zod';
import { timeSchema, uuidSchema } from './ids.ts';

/**
 * Command `camera.probe`: the gateway fetches what is to be tried from `/camera-probes/{id}` of the gateway
 * door, tries it, and posts there what came of it. It names no address and no password, because the broker
 * may be somebody else’s; for the same reason it is signed.
 */
export const cameraProbeCommandSchema = z.strictObject({
  id: uuidSchema,
  expires: timeSchema,
  name: z.literal('camera.probe'),
  kid: z.string().min(1).max(64),
  /** Ed25519 over {@link cameraProbeStatement}, base64url. */
  signature: z.base64url().max(128),
});
export type CameraProbeCommand = z.infer<typeof cameraProbeCommandSchema>;

/** The text that the signature of a command covers; an array, so that it is no announcement. */
export const cameraProbeStatement = (
  to: { readonly site: string; readonly gateway: string },
  { id, expires }: Pick<CameraProbeCommand, 'id' | 'expires'>,
): string => JSON.stringify(['watchpost.camera.probe.v1', to.site, to.gateway, id, expires]);

/** What came of it: null, or a code of the error registry. No picture leaves the gateway. */
export const cameraProbeResultSchema = z.strictObject({ error: z.string().min(1).max(64).nullable() });
export type CameraProbeResult = z.infer<typeof cameraProbeResultSchema>;

/** Milliseconds from the question on: for the camera to show a picture, at the door, and for who asks. */
export const cameraProbeTimes = { cameraMs: 12_000, doorMs: 16_000, askMs: 18_000 } as const;
