import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import { serverFileName } from '@watchpost/service/server-folder';

/**
 * The server folder and the site whose authority lies in a folder; undefined for an authority that stands
 * alone.
 */
export function serverOfAuthority(
  authority: string,
): { readonly folder: string; readonly site: SiteId } | undefined {
  const path = resolve(authority);
  const folder = dirname(dirname(path));
  const site = siteIdSchema.safeParse(basename(path));
  const isOfServer = basename(dirname(path)) === 'authorities' && existsSync(join(folder, serverFileName));
  return isOfServer && site.success ? { folder, site: site.data } : undefined;
}
