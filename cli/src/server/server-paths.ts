import { join, resolve } from 'node:path';
import type { ServerFile } from '@watchpost/contracts/site';

/** Where the parts of a server folder are, absolute. */
export interface ServerPaths {
  /** What the server stores: database, outbox, flows. */
  readonly data: string;
  /** The server’s own web certificate. */
  readonly web: string;
  readonly secrets: string;
  /** The folder of a site’s authority, which certifies its gateways. */
  authority(site: string): string;
}

/** @param folder absolute path of the server folder */
export function serverPaths(folder: string, { dataFolder }: Pick<ServerFile, 'dataFolder'>): ServerPaths {
  return {
    data: resolve(folder, dataFolder),
    web: join(folder, 'web'),
    secrets: join(folder, 'secrets'),
    authority: (site) => join(folder, 'authorities', site),
  };
}
