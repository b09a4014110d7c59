import type { Logger } from 'pino';
import type { AlertingOptions } from '../config.ts';
import type { ConfiguredSite } from '../site-context.ts';
import type { Queryable } from '../store/schema.ts';
import { Governance, type GovernanceOptions } from './governance.ts';
import { permitFiles } from './permit-file.ts';

/** The lists of all sites. */
export function openGovernance(
  { dataFolder, enroller }: AlertingOptions,
  configured: readonly ConfiguredSite[],
  parts: {
    readonly db: Queryable;
    readonly nowMs: () => number;
    readonly newId: () => string;
    readonly logger: Logger;
    readonly onState: GovernanceOptions['onState'];
  },
): Governance {
  return new Governance({
    ...parts,
    sites: new Map(configured.map(({ site }) => [site.id, new Set<string>(site.zones.map(({ id }) => id))])),
    policies: new Map(
      configured.flatMap(({ site, options }) => (options.policy ? [[site.id, options.policy.lists]] : [])),
    ),
    permits: dataFolder === undefined ? undefined : permitFiles(dataFolder),
    enroller,
  });
}
