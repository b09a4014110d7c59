import { z } from 'zod';
import { durationSchema } from './duration.ts';

/** How long a gateway may match faces without word of the server: `policy.permit` of a site file. */
export const permitSectionSchema = z
  .strictObject({
    /**
     * A gateway that hears nothing matches no face after this. What is withdrawn stops within it everywhere,
     * so it is never longer than a minute (privacy rule 2).
     */
    life: durationSchema('10s', '60s').prefault('60s'),
    /** How often it is renewed; at most half its life, so that one lost message stops no camera. */
    renewEvery: durationSchema('1s', '20s').prefault('20s'),
  })
  .superRefine(({ life, renewEvery }, context) => {
    if (2 * renewEvery <= life) return;
    const details = { most: `${life / 2_000}s` };
    context.addIssue({
      ...{ code: 'custom', path: ['renewEvery'] },
      params: { code: 'site.out_of_range', details },
    });
  });
export type PermitSection = z.output<typeof permitSectionSchema>;
