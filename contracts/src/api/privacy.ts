import { z } from 'zod';
import { localizedTextSchema } from '../site/place.ts';
import { slowWithdrawalSchema } from '../site/policy-permit.ts';
import { privacyRecordSchema } from '../site/privacy-record.ts';
import { deviceIdSchema, siteIdSchema, zoneIdSchema } from '../wire/ids.ts';

/** How near something is that somebody has to do: after its day, within the time of notice, later. */
export const dueStates = ['overdue', 'soon', 'later'] as const;
export const dueStateSchema = z.enum(dueStates);
export type DueState = z.infer<typeof dueStateSchema>;

const dueSchema = z.strictObject({
  what: z.enum(['assessment', 'sign']),
  /** The last day on which it is in time, in the time zone of the site. */
  by: z.iso.date(),
  state: dueStateSchema,
});
export type PrivacyDue = z.infer<typeof dueSchema>;

const cameraSchema = z.strictObject({
  id: deviceIdSchema,
  name: localizedTextSchema,
  zone: zoneIdSchema,
  faces: z.boolean(),
});

/** A privacy record with the cameras that it covers, and what of it is due. */
export const privacyEntrySchema = privacyRecordSchema.omit({ cameras: true }).extend({
  site: siteIdSchema,
  cameras: z.array(cameraSchema),
  due: z.array(dueSchema),
});
export type PrivacyEntry = z.infer<typeof privacyEntrySchema>;

/** `GET /api/v1/privacy`: what is on record of looking for faces; what is due first comes first. */
export const privacyListSchema = z.strictObject({
  records: z.array(privacyEntrySchema),
  /** Cameras that no record covers: they look for no faces. */
  without: z.array(cameraSchema.omit({ faces: true }).extend({ site: siteIdSchema })),
  /** Sites whose gateways may match what was withdrawn for longer than a minute without connection. */
  slowWithdrawals: z.array(slowWithdrawalSchema.extend({ site: siteIdSchema })),
});
export type PrivacyList = z.infer<typeof privacyListSchema>;
