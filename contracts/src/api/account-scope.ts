import { z } from 'zod';
import { siteIdSchema, zoneIdSchema } from '../wire/ids.ts';
import { roleSchema } from './rights.ts';

/** Stands for every site, also for those that come later. */
export const everySite = '*';

const place = {
  /** `*`: every site that has no scope of its own. */
  site: z.union([z.literal(everySite), siteIdSchema]),
  /** Only what happens in these zones exists for the person; null: the whole site. */
  zones: z.array(zoneIdSchema).min(1).max(500).nullable().default(null),
};
const isPlace = ({ site, zones }: { readonly site: string; readonly zones: readonly string[] | null }) =>
  site !== everySite || zones === null;
const zonesOfOneSite = { path: ['zones'], error: 'expected null: zones are of one site' };

/** A site, or every one, and which zones of it. */
export const siteScopeSchema = z.strictObject(place).refine(isPlace, zonesOfOneSite);
export type SiteScope = z.output<typeof siteScopeSchema>;

/** What somebody is on a site. */
export const accountScopeSchema = z
  .strictObject({ ...place, role: roleSchema })
  .refine(isPlace, zonesOfOneSite);
export type AccountScope = z.output<typeof accountScopeSchema>;

/** The scopes of an account; none: it sees nothing. */
export const accountScopesSchema = z
  .array(accountScopeSchema)
  .max(1_000)
  .refine((scopes) => new Set(scopes.map(({ site }) => site)).size === scopes.length, {
    error: 'expected each site once',
  });
