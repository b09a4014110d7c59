import { z } from 'zod';
import { roleSchema, roles } from '../api/rights.ts';
import { durationSchema } from './duration.ts';

/** How accounts are protected: `policy.accounts` of a server file. */
export const accountsSectionSchema = z.strictObject({
  /** Who must log in with a second factor; for all others it is optional. */
  secondFactor: z
    .strictObject({
      /** Whoever has one of these roles on any site. */
      requiredFor: z.array(roleSchema).max(roles.length).default([]),
    })
    .prefault({}),
  /** Of programs (service accounts). None is good for ever. */
  apiTokens: z
    .strictObject({
      /** A new token is good for so long at most. */
      longest: durationSchema('1h', '365d').prefault('365d'),
      /** So long before its end whoever manages accounts is told. */
      noticeBefore: durationSchema('1h', '90d').prefault('14d'),
    })
    .prefault({}),
});
export type AccountsSection = z.output<typeof accountsSectionSchema>;
