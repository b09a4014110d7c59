import { z } from 'zod';
import { durationSchema } from './duration.ts';

/** How a site proves that what its gateways say reaches people: `policy.canary` of a site file. */
export const canarySectionSchema = z.strictObject({
  /** `none`: nothing is proven, and nobody is told that the chain is broken. */
  proof: z.enum(['required', 'none']).default('required'),
  /** Between two proofs of a gateway. */
  every: durationSchema('15s', '10m').prefault('60s'),
  /** So many in a row that do not come through are told. */
  missed: z.number().int().min(2).max(10).default(2),
  /**
   * Name of a secret that holds an address of somebody outside: it is called as long as the chain of this
   * site is whole, so that they notice when Watchpost itself is gone.
   */
  heartbeat: z
    .string()
    .regex(/^notify-[A-Za-z0-9._-]{1,57}$/, 'notify-heartbeat')
    .optional(),
});
export type CanarySection = z.output<typeof canarySectionSchema>;
