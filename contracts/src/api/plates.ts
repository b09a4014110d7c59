import { z } from 'zod';
import {
  deviceIdSchema,
  gatewayIdSchema,
  siteIdSchema,
  timeSchema,
  uuidSchema,
  zoneIdSchema,
} from '../wire/ids.ts';
import { passNameSchema } from '../wire/pass-use.ts';

/** `retired`: taken down. Its code stays what it was: it is public, and gates keep no list of plates. */
export const plateStates = ['good', 'retired'] as const;
export const plateStateSchema = z.enum(plateStates);
export type PlateState = z.infer<typeof plateStateSchema>;

/** `POST /api/v1/plates?site=…`: issues an address plate. */
export const plateRequestSchema = z.strictObject({
  /**
   * What its code says: made by the client, without any meaning. A repeat of the same request has the
   * first answer.
   */
  id: uuidSchema,
  /** Where it hangs. */
  zone: zoneIdSchema,
  /** Address code of the unit or place, the one that passes have as `address`. */
  address: passNameSchema,
  /** The address as people read it on the plate: a place, never a person. */
  name: z.string().trim().min(2).max(120),
});
export type PlateRequest = z.infer<typeof plateRequestSchema>;

/** `POST /api/v1/plates/{id}/retire`. */
export const plateRetireRequestSchema = z.strictObject({ reason: z.string().trim().min(3).max(1_000) });

/** `GET /api/v1/plates`. */
export const plateQuerySchema = z.strictObject({
  site: siteIdSchema.optional(),
  state: plateStateSchema.optional(),
  /** `next` of the page before. */
  cursor: z.string().min(1).max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type PlateQuery = z.output<typeof plateQuerySchema>;

/** A plate in a list. */
export const listedPlateSchema = z.strictObject({
  site: siteIdSchema,
  id: uuidSchema,
  state: plateStateSchema,
  zone: zoneIdSchema,
  address: z.string(),
  name: z.string(),
  issuedAt: timeSchema,
  /** Name of the account. */
  issuedBy: z.string(),
  /**
   * How often devices in zones of the person read it, as long as events are kept (`policy.keptDays.events`).
   */
  scans: z.strictObject({ count: z.number().int().min(0), newest: timeSchema.nullable() }),
});
export type ListedPlate = z.infer<typeof listedPlateSchema>;

export const platePageSchema = z.strictObject({
  plates: z.array(listedPlateSchema),
  next: z.string().nullable(),
});
export type PlatePage = z.infer<typeof platePageSchema>;

/** One plate, with what its code says: public, as it hangs on a wall. */
export const plateSchema = listedPlateSchema.extend({
  text: z.url({ protocol: /^https$/ }),
  retired: z.strictObject({ at: timeSchema, by: z.string(), reason: z.string() }).nullable(),
  /** The newest 50. */
  scansSeen: z.array(
    z.strictObject({ at: timeSchema, device: deviceIdSchema, gateway: gatewayIdSchema, zone: zoneIdSchema }),
  ),
});
export type Plate = z.infer<typeof plateSchema>;
