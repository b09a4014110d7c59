import { z } from 'zod';
import { roleSchema, roles } from '../api/rights.ts';

/** How accounts are protected: `policy.accounts` of a server file. */
export const accountsSectionSchema = z.strictObject({
  /** Who must log in with a second factor; for all others it is optional. */
  secondFactor: z
    .strictObject({
      /** Whoever has one of these roles on any site. */
      requiredFor: z.array(roleSchema).max(roles.length).default([]),
    })
    .prefault({}),
});
export type AccountsSection = z.output<typeof accountsSectionSchema>;
