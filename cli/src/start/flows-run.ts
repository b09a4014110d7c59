import { confinedEnvironment, confinement } from '@watchpost/flows/confinement';
import type { BrokerLink } from './broker-link.ts';
import type { RunOptions } from './service-set.ts';

/** What Node-RED is run from. */
export interface FlowsParts {
  readonly dataFolder: string;
  readonly port: number;
  /** Proves that a request came through the log-in. */
  readonly secret: string;
  readonly sites: readonly string[];
  readonly linkOf: (site: string) => BrokerLink;
}

/**
 * How Node-RED is run, confined: its configuration comes by standard input, so that no secret is in a file
 * that it may read.
 */
export function flowsRun({ dataFolder, port, secret, sites, linkOf }: FlowsParts): RunOptions {
  const [first, ...otherSites] = sites.map((site) => ({ site, broker: linkOf(site) }));
  const inherited = { WATCHPOST_LOG_LEVEL: 'warn', MALLOC_ARENA_MAX: '2', ...process.env };
  return {
    nodeOptions: confinement(dataFolder),
    environment: confinedEnvironment({ ...inherited, WATCHPOST_DATA: dataFolder }, dataFolder),
    input: JSON.stringify({ port, dataFolder, secret, ...first, otherSites }),
  };
}
