import { z } from 'zod';
import { planPointSchema } from '../site/place.ts';
import { timeSchema, uuidSchema } from '../wire/ids.ts';
import { dutyPersonSchema } from './duty.ts';
import { unitStateSchema } from './response.ts';

/** Where somebody of a unit was last. */
export const memberPlaceSchema = z.strictObject({
  person: dutyPersonSchema,
  /** Within how much, metres. */
  accuracyM: z.number().min(0),
  /** How old it is. */
  ageSeconds: z.number().int().min(0),
  /** Whether it is young enough to be drawn and to count for a proposal. */
  current: z.boolean(),
  /** On which plan of the site, and where; null: on none of them. */
  place: z.strictObject({ plan: z.string(), at: planPointSchema }).nullable(),
});
export type MemberPlace = z.infer<typeof memberPlaceSchema>;

/** A unit with where those of its members are who are on duty and agree to it. */
export const unitOnMapSchema = z.strictObject({
  id: uuidSchema,
  name: z.string(),
  department: z.strictObject({ id: uuidSchema, name: z.string() }),
  state: unitStateSchema,
  members: z.array(memberPlaceSchema),
});
export type UnitOnMap = z.infer<typeof unitOnMapSchema>;

/**
 * `GET /api/v1/response/map?site=…`: the units to which the person gives tasks; those of others are missing.
 */
export const unitMapSchema = z.strictObject({
  units: z.array(unitOnMapSchema),
  /** Positions that are older are not drawn. */
  currentForSeconds: z.number().int().min(1),
  time: timeSchema,
});
export type UnitMap = z.infer<typeof unitMapSchema>;
