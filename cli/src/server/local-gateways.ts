import { WatchpostError } from '@watchpost/contracts/errors';
import type { ServerFolder } from './open-server-folder.ts';

/** A gateway that the server runs itself. */
export interface LocalGateway {
  readonly site: string;
  readonly gateway: string;
}

/** Those that their site files mark so, in the order of their sites. */
export function localGateways({ sites }: Pick<ServerFolder, 'sites'>): readonly LocalGateway[] {
  return [...sites.values()].flatMap(({ site }) =>
    site.gateways.filter(({ local }) => local).map(({ id }) => ({ site: site.id, gateway: id })),
  );
}

/**
 * That of the demo, marked or not: the first one of its first site.
 * @throws WatchpostError `site.missing` where that site has none
 */
export function demoGateway({ sites }: Pick<ServerFolder, 'sites'>): LocalGateway {
  const [first] = sites.values();
  const gateway = first?.site.gateways[0]?.id;
  if (!first || gateway === undefined)
    throw new WatchpostError('site.missing', { path: '/gateways', details: { expected: 'list' } });
  return { site: first.site.id, gateway };
}
