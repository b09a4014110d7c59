import { join } from 'node:path';
import type { Mistake, SiteFile } from '@watchpost/contracts/site';
import { type ReadSite, readSiteFile, type SiteFileContext } from './read-site-file.ts';
import { type FileVersion, keepVersion, keptVersions, readVersion } from './versions.ts';

/** The version of a site file that a start puts into force. */
export interface SiteInForce extends Pick<ReadSite, 'off'> {
  readonly site: SiteFile;
  /** Of the file as it is now, whichever version is in force. */
  readonly mistakes: readonly Mistake[];
  /** The file itself has mistakes outside its devices: the newest good version that was kept goes on. */
  readonly isKept: boolean;
}

/**
 * Chooses the version of a site file to run with: the file, or where more of it than devices is broken the
 * newest version that was in force before. What is put into force is kept.
 * @param folder the server folder
 * @returns undefined when no version is good, with the mistakes of the file
 */
export function siteInForce(
  folder: string,
  context: SiteFileContext,
): SiteInForce | { readonly site: undefined; readonly mistakes: readonly Mistake[] } {
  const path = join(folder, context.file);
  const current = readVersion(path);
  const read = current && readSiteFile(current.bytes, at(context, current));
  const mistakes = read?.mistakes ?? [unreadable(context.file)];
  if (current && read?.site) {
    keepVersion(path, current.bytes);
    return { site: read.site, off: read.off, mistakes, isKept: false };
  }
  for (const kept of keptVersions(path)) {
    const version = readVersion(kept);
    const before = version && readSiteFile(version.bytes, at(context, version));
    if (before?.site) return { site: before.site, off: before.off, mistakes, isKept: true };
  }
  return { site: undefined, mistakes };
}

/** A clock that lost its battery must not make an approval one of the future. */
const at = (context: SiteFileContext, { writtenMs }: FileVersion): SiteFileContext => ({
  ...context,
  nowMs: Math.max(context.nowMs, writtenMs),
});

const unreadable = (file: string): Mistake => ({
  code: 'site.unreadable',
  file,
  line: 1,
  column: 1,
  path: '/',
  details: {},
});
