import { z } from 'zod';
import { durationSchema } from './duration.ts';

const band = (otherwise: number) => z.number().int().min(1).max(100).default(otherwise);

/** The score, 0–100, from which an alert is of each severity; below the first it is low. */
export const severitiesSchema = z
  .strictObject({ medium: band(25), high: band(50), critical: band(75) })
  .superRefine(({ medium, high, critical }, context) => {
    const ascending = (path: string, least: number) =>
      context.addIssue({
        code: 'custom',
        path: [path],
        params: { code: 'site.out_of_range', details: { least } },
      });
    if (high <= medium) ascending('high', medium + 1);
    if (critical <= high) ascending('critical', high + 1);
  });

/** Name of a rule set: that of its file. So short that it fits, with its digest, beside each score. */
export const ruleSetNameSchema = z.string().regex(/^[A-Za-z0-9_-]{1,18}$/, 'strict-nights');

/** How the risk of a site’s events is judged: `policy.risk` of a site file. */
export const riskSectionSchema = z.strictObject({
  /** Severities by score. */
  severities: severitiesSchema.prefault({}),
  /** The rule set in force: `rules/<name>.yaml` beside this file. Left out: the rules that are built in. */
  ruleSet: ruleSetNameSchema.optional(),
  /** Devices that say the like corroborate each other … */
  corroboration: z
    .strictObject({
      /** … when it is not further apart than this … */
      within: durationSchema('1s', '1h').prefault('2m'),
      /** … and they are in the same zone, or not further apart than this. */
      nearM: z.number().min(1).max(1_000).default(30),
    })
    .prefault({}),
});
export type RiskSection = z.output<typeof riskSectionSchema>;
