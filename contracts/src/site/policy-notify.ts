import { z } from 'zod';

/** `policy.notify` of a server file: where notices may go. */
export const notifySectionSchema = z.strictObject({
  /**
   * Networks of this site that notices may be sent into, also without TLS: a private network is refused
   * otherwise, so that nobody who enters an address makes the server call its neighbours.
   */
  allowNetworks: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
    .max(50)
    .default([]),
});
