import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import {
  type GalleryRecord,
  galleryRecordSchema,
  type PermitContent,
  permitContentSchema,
} from '@watchpost/contracts/lists';
import type { SiteId } from '@watchpost/contracts/wire';
import { replaceFile } from '@watchpost/service';

/**
 * Where the gateways of a site find what may be matched. What {@link publish} was given last holds, once it
 * returned; it replaces everything of before.
 */
export interface PermitSource {
  /** @throws WatchpostError `config.data_folder`; what was published before stays */
  publish(site: SiteId, content: PermitContent): Promise<void>;
  /** What was published last; undefined where nothing was, or nobody can read it. */
  last(site: SiteId): Promise<PermitContent | undefined>;
  /** What gateways have and have erased, as the gateway door says; undefined where it said nothing yet. */
  record(site: SiteId): Promise<GalleryRecord | undefined>;
}

/** {@link PermitSource} as files in the data folder of a server: `permits/`, `receipts/`. */
export function permitFiles(dataFolder: string): PermitSource {
  const permits = join(dataFolder, 'permits');
  return {
    async publish(site, content) {
      const path = join(permits, `${site}.json`);
      try {
        await mkdir(permits, { recursive: true, mode: 0o700 });
        await replaceFile(path, JSON.stringify(permitContentSchema.parse(content)));
      } catch (cause) {
        throw new WatchpostError('config.data_folder', { path, cause });
      }
    },
    async last(site) {
      const found = permitContentSchema.safeParse(await readJson(join(permits, `${site}.json`)));
      return found.success ? found.data : undefined;
    },
    async record(site) {
      const file = await readJson(join(dataFolder, 'receipts', `${site}.json`));
      const found = galleryRecordSchema.safeParse(file);
      return found.success ? found.data : undefined;
    },
  };
}

/** Undefined for a file that is not there or is no JSON: both are written by others, at any time. */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
