import { z } from 'zod';
import { durationSchema } from './duration.ts';

/** What is withdrawn stops within this everywhere, unless a site says why it takes longer; milliseconds. */
export const promptWithdrawalMs = 60_000;

/** How long a gateway may match faces without word of the server: `policy.permit` of a site file. */
export const permitSectionSchema = z
  .strictObject({
    /**
     * A gateway that hears nothing matches no face after this. What is withdrawn stops within it everywhere:
     * a minute, or up to a day where `reason` says why (privacy rule 2).
     */
    life: durationSchema('10s', '24h').prefault('60s'),
    /** How often it is renewed; at most half its life, so that one lost message stops no camera. */
    renewEvery: durationSchema('1s', '20s').prefault('20s'),
    /** Why a gateway without connection may go on for longer than a minute; shown beside the records. */
    reason: z.string().trim().min(8).max(500).optional(),
  })
  .superRefine(({ life, renewEvery, reason }, context) => {
    if (life > promptWithdrawalMs && reason === undefined)
      context.addIssue({
        ...{ code: 'custom', path: ['reason'] },
        params: { code: 'site.missing', details: { expected: 'text' } },
      });
    if (2 * renewEvery <= life) return;
    const details = { most: `${life / 2_000}s` };
    context.addIssue({
      ...{ code: 'custom', path: ['renewEvery'] },
      params: { code: 'site.out_of_range', details },
    });
  });
export type PermitSection = z.output<typeof permitSectionSchema>;

/** That a gateway without connection may go on matching what was withdrawn for longer than a minute. */
export const slowWithdrawalSchema = z.strictObject({
  /** For how long, milliseconds. */
  withinMs: z.number().int().positive(),
  /** Why, in the words of the site file. */
  reason: z.string(),
});
export type SlowWithdrawal = z.infer<typeof slowWithdrawalSchema>;

/** What a site has to say of its withdrawals; undefined: they count within a minute. */
export const slowWithdrawalOf = ({ life, reason }: PermitSection): SlowWithdrawal | undefined =>
  life > promptWithdrawalMs ? { withinMs: life, reason: reason ?? '' } : undefined;
