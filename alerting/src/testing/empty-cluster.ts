import { accessSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { replaceFile } from '@watchpost/service';
import { pgliteVersion } from '../store/cluster-template.ts';
import type { StoreOptions } from '../store/open-store.ts';

const cache = fileURLToPath(new URL('../../../node_modules/.cache/watchpost-test', import.meta.url));

/**
 * Path of a tar of an empty cluster; made once and kept. Where nobody may write it, undefined: each makes its
 * own cluster then.
 */
async function emptyCluster(): Promise<string | undefined> {
  const image = join(cache, `empty-cluster-${await pgliteVersion()}.tar`);
  try {
    accessSync(image);
    return image;
  } catch {
    const db = await PGlite.create();
    try {
      mkdirSync(cache, { recursive: true });
      // For whoever tests next in this checkout, which may be another user.
      await replaceFile(image, Buffer.from(await (await db.dumpDataDir('none')).arrayBuffer()), 0o644);
      return image;
    } catch {
      return undefined;
    } finally {
      await db.close();
    }
  }
}

/**
 * An embedded store, in memory or in `folder`, that is there in a fraction of the time: making a cluster
 * takes seconds.
 */
export async function embeddedStore(folder?: string): Promise<StoreOptions & { readonly kind: 'embedded' }> {
  const image = await emptyCluster();
  return {
    kind: 'embedded',
    ...(folder === undefined ? {} : { folder }),
    ...(image === undefined ? {} : { image }),
  };
}
