import { z } from 'zod';
import { uuidSchema } from '../wire/ids.ts';

/** Wall time in the time zone of the rota. */
const clockTimeSchema = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 08:00');

/** On which days a layer has a shift, by the day on which the shift begins. */
export const dutyDaysSchema = z.discriminatedUnion('kind', [
  /** Whatever the calendar of the site says of them; 1 is Monday, 7 Sunday (ISO 8601). */
  z.strictObject({
    kind: z.literal('weekdays'),
    weekdays: z
      .array(z.number().int().min(1).max(7))
      .min(1)
      .max(7)
      .refine((days) => new Set(days).size === days.length, 'expected each day once'),
  }),
  /** Monday to Friday without holidays, and the days on which holidays are made up for. */
  z.strictObject({ kind: z.literal('working_days') }),
  /** All other days. */
  z.strictObject({ kind: z.literal('days_off') }),
]);
export type DutyDays = z.infer<typeof dutyDaysSchema>;

/** Who follows whom. */
export const dutyRotationSchema = z.strictObject({
  /**
   * The first turn begins on this day; before it the layer has nobody. Months begin on the same day of the
   * month, or on the last one of a shorter month.
   */
  since: z.iso.date(),
  unit: z.enum(['day', 'week', 'month']),
  /** Length of a turn, units. */
  every: z.number().int().min(1).max(60),
  /** Accounts, in the order of their turns; somebody may have more than one. */
  people: z.array(uuidSchema).min(1).max(100),
});
export type DutyRotation = z.infer<typeof dutyRotationSchema>;

/** One shift of certain days, and who takes turns in it. */
export const dutyLayerSchema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  days: dutyDaysSchema,
  /** Hand-over to this shift, and from it: on the next day when it is not later; 24 h when both are equal. */
  from: clockTimeSchema,
  to: clockTimeSchema,
  rotation: dutyRotationSchema,
});
export type DutyLayer = z.infer<typeof dutyLayerSchema>;
