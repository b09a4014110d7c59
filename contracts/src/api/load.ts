import { z } from 'zod';
import { deviceIdSchema, siteIdSchema, timeSchema, uuidSchema, zoneIdSchema } from '../wire/ids.ts';

/** `GET /api/v1/load`: the load of one site between two times, 31 days at most; the last 24 h when absent. */
export const loadQuerySchema = z.strictObject({
  site: siteIdSchema.optional(),
  from: timeSchema.optional(),
  until: timeSchema.optional(),
});
export type LoadQuery = z.infer<typeof loadQuerySchema>;

const countSchema = z.number().int().min(0);

/** Alerts of 10 minutes over the people on duty then; one position is reckoned where nobody is. */
const loadSchema = {
  alerts: countSchema,
  /** Mean of the ten-minute stretches, alerts for each position. */
  perPosition: z.number().min(0),
  /** Share of the stretches with more for each position than one can deal with, 0–1. */
  shareAbove: z.number().min(0).max(1),
};

/** How long something took, seconds; null where there was none. */
const durationsSchema = z.strictObject({
  medianSeconds: z.number().min(0).nullable(),
  p90Seconds: z.number().min(0).nullable(),
  count: countSchema,
  /** Those that have not come to it, which the two numbers before leave out. */
  never: countSchema,
});

/** A device and the alerts that it made. */
const sourceSchema = z.strictObject({ device: deviceIdSchema, zone: zoneIdSchema, alerts: countSchema });

/**
 * What duty officers have to deal with (ANSI/ISA-18.2, alarm system performance). Of the place and its
 * shifts, never of a person: nobody’s name is in it, and a shift that one person had alone is left out.
 */
export const loadFiguresSchema = z.strictObject({
  site: siteIdSchema,
  from: timeSchema,
  until: timeSchema,
  ...loadSchema,
  /** Above so many in ten minutes for each position. */
  limit: z.number().int().min(1),
  /** The stretch with the most. */
  peak: z.strictObject({ at: timeSchema, alerts: countSchema }).nullable(),
  /** Shifts by rota and layer, that at least two people had. */
  shifts: z.array(
    z.strictObject({
      rota: uuidSchema,
      rotaName: z.string(),
      layer: z.string(),
      hours: z.number().min(0),
      ...loadSchema,
    }),
  ),
  /** Devices with the most alerts, the first first. */
  topSources: z.array(sourceSchema),
  /** Unresolved alerts that are older than a day now. */
  stale: z.strictObject({
    count: countSchema,
    oldestAt: timeSchema.nullable(),
    sources: z.array(sourceSchema),
  }),
  /** Devices whose alerts took in three events a minute or more, with how many such alerts. */
  chattering: z.array(sourceSchema),
  acknowledge: durationsSchema,
  resolve: durationsSchema,
});
export type LoadFigures = z.infer<typeof loadFiguresSchema>;
