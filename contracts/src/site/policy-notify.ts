import { z } from 'zod';
import { durationSchema } from './duration.ts';

/** `policy.notify` of a server file: where notices may go, and what may be done by them. */
export const notifySectionSchema = z.strictObject({
  /**
   * Networks of this site that notices may be sent into, also without TLS: a private network is refused
   * otherwise, so that nobody who enters an address makes the server call its neighbours.
   */
  allowNetworks: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
    .max(50)
    .default([]),
  /** Links in notices to people by which they take an incident. There are none without `publicUrl`. */
  acknowledgeLink: z
    .strictObject({
      /** One is good for so long, and never longer than the incident goes on. */
      goodFor: durationSchema('5m', '72h').prefault('12h'),
      /** From this severity on the person must be logged in, too. */
      logInFrom: z.enum(['low', 'medium', 'high']).default('high'),
    })
    .prefault({}),
});
export type NotifySection = z.output<typeof notifySectionSchema>;
