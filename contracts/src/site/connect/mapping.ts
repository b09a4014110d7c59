import { z } from 'zod';
import { connectPolicy } from './policy.ts';

/** A JSON pointer (RFC 6901 §3); empty = the whole. */
export const jsonPointerSchema = z
  .string()
  .max(512)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, '/contact');

/**
 * What the messages of a device of unknown make say: where the value stands and what it means. Of a device
 * that is on or off (door contact, smoke …) the value becomes true = open, alarm; of one that measures, a
 * number in the unit of its kind.
 */
export const mappingSchema = z
  .strictObject({
    /** Where the value stands in a JSON message; left out, the message is the value. */
    pointer: jsonPointerSchema.default(''),
    /**
     * What words and numbers stand for, e.g. `{"OPEN": true, "CLOSED": false}`; another one is unreadable.
     */
    values: z.record(z.string().min(1).max(128), z.union([z.boolean(), z.number()])).optional(),
    /** A number is multiplied by this … */
    scale: z
      .number()
      .refine((scale) => scale !== 0, '≠ 0')
      .default(1),
    /** … and then this is added. */
    offset: z.number().default(0),
    /** A number above it is true. */
    above: z.number().optional(),
    /** A number below it is true. */
    below: z.number().optional(),
    /** With `above` or `below`: true stays true until the number is so much on the other side. */
    hysteresis: z.number().min(0).default(0),
    /** True is false: a contact that reports being closed. */
    invert: z.boolean().default(false),
    /** Of what is on or off: a change counts only when it has lasted so long, milliseconds. */
    debounceMs: z.number().int().min(0).max(connectPolicy.longestDebounceMs).default(0),
  })
  .superRefine(({ above, below, hysteresis }, context) => {
    const complain = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (above !== undefined && below !== undefined) complain('below', 'above / below');
    if (hysteresis > 0 && above === undefined && below === undefined) complain('hysteresis', 'above, below');
  });
export type Mapping = z.infer<typeof mappingSchema>;
