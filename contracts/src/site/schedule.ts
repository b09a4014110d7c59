import { z } from 'zod';

const clockTime = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const clockTimeOrMidnight = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

/**
 * Local hours of every day, `HH:MM`; over midnight when `from` is later than `to`, which may be 24:00.
 */
export const armedHoursSchema = z
  .array(
    z.strictObject({
      from: z.string().regex(clockTime, '08:00'),
      to: z.string().regex(clockTimeOrMidnight, '18:30, 24:00'),
    }),
  )
  .max(14);
export type ArmedHours = z.infer<typeof armedHoursSchema>;
