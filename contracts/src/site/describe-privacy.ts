import { z } from 'zod';
import { deviceIdSchema, zoneIdSchema } from '../wire/ids.ts';
import { localizedTextSchema } from './place.ts';
import { slowWithdrawalOf, slowWithdrawalSchema } from './policy-permit.ts';
import { privacySectionSchema } from './policy-privacy.ts';
import { privacyRecordSchema } from './privacy-record.ts';
import type { SiteFile } from './site-file.ts';

/** What the site file has on record of looking for faces. */
export const sitePrivacySchema = z.strictObject({
  records: z.array(privacyRecordSchema).max(500),
  cameras: z
    .array(
      z.strictObject({
        id: deviceIdSchema,
        name: localizedTextSchema,
        zone: zoneIdSchema,
        /** Whether the camera looks for faces. */
        faces: z.boolean(),
      }),
    )
    .max(5_000),
  policy: privacySectionSchema,
  /** Absent: what is withdrawn stops within a minute everywhere. */
  slowWithdrawal: slowWithdrawalSchema.optional(),
});
export type SitePrivacy = z.infer<typeof sitePrivacySchema>;

/** Of a site that says nothing of it. */
export const noSitePrivacy: SitePrivacy = {
  records: [],
  cameras: [],
  policy: privacySectionSchema.parse({}),
};

/**
 * Whether a camera of the file looks for faces: it does where a record covers it, unless it is told not to.
 */
export const looksForFaces = (
  { privacy }: Pick<SiteFile, 'privacy'>,
  camera: { readonly id: string; readonly faces?: boolean | undefined },
): boolean =>
  (camera.faces ?? true) && privacy.some(({ cameras }) => cameras.some((covered) => covered === camera.id));

/** The privacy records of a site with the cameras that they are about. */
export function describePrivacy(file: SiteFile): SitePrivacy {
  const slowWithdrawal = slowWithdrawalOf(file.policy.permit);
  return {
    records: file.privacy,
    cameras: file.devices.flatMap((device) =>
      device.kind === 'camera'
        ? [{ id: device.id, name: device.name, zone: device.zone, faces: looksForFaces(file, device) }]
        : [],
    ),
    policy: file.policy.privacy,
    ...(slowWithdrawal ? { slowWithdrawal } : {}),
  };
}
