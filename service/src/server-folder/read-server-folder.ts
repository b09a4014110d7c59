import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Mistake, SiteContext } from '@watchpost/contracts/site';
import { type ReadRuleSet, readRuleSet, ruleSetNames, ruleSetPath } from './read-rule-set.ts';
import { type ReadServer, readServerFile } from './read-server-file.ts';
import { type ReadSite, readSiteFile } from './read-site-file.ts';
import { type SecretFolder, secretFolder } from './secrets.ts';
import { type FileVersion, readVersion } from './versions.ts';

/** A file of the server folder as it was read. */
export interface ReadFile {
  /** Path from the server folder. */
  readonly file: string;
  /** SHA-256 of the file, hexadecimal; empty where it could not be read. */
  readonly digest: string;
}

/** All rule sets of a site, in force or not, by their names. */
export interface SiteRuleSets {
  readonly ruleSets: ReadonlyMap<string, ReadFile & ReadRuleSet>;
}

/** What a server folder says. */
export interface ReadServerFolder {
  readonly server: ReadFile & ReadServer;
  /** By the name of their folder, in its order. */
  readonly sites: ReadonlyMap<string, ReadFile & ReadSite & SiteRuleSets>;
  /** Of all files, of each at most the policy’s number. */
  readonly mistakes: readonly Mistake[];
  /** Of all sites, as {@link ReadSite.warnings}. */
  readonly warnings: readonly Mistake[];
  /** How many more there are in which file; files without are left out. */
  readonly unshown: ReadonlyMap<string, number>;
  readonly secrets: SecretFolder;
}

/** Where the files of a server folder are. */
export const serverFileName = 'server.yaml';
export const siteFilePath = (site: string): string => join('sites', site, 'site.yaml');

/**
 * Reads `server.yaml`, and each `sites/<id>/site.yaml` and `sites/<id>/rules/*.yaml` of a server folder. What
 * is wrong is in `mistakes`, files that are not there too.
 */
export function readServerFolder(
  folder: string,
  profiles: SiteContext['profiles'],
  nowMs: number,
): ReadServerFolder {
  const secrets = secretFolder(join(folder, 'secrets'));
  const server = readServer(folder, secrets);
  const sites = new Map<string, ReadFile & ReadSite & SiteRuleSets>();
  for (const id of siteFolders(folder)) {
    const file = siteFilePath(id);
    const read = readOr(folder, file);
    const ruleSets = readRuleSets(folder, id);
    if ('mistake' in read) {
      const nothing = {
        digest: '',
        site: undefined,
        off: [],
        mistakes: [read.mistake],
        unshown: 0,
        warnings: [],
      };
      sites.set(id, { file, ...nothing, ruleSets });
      continue;
    }
    // A clock that lost its battery must not make an approval one of the future.
    const notBeforeMs = Math.max(nowMs, read.writtenMs);
    const names = { hasSecret: secrets.has, ruleSets: [...ruleSets.keys()] };
    const context = { file, id, profiles, nowMs: notBeforeMs, ...names };
    sites.set(id, { file, digest: read.digest, ...readSiteFile(read.bytes, context), ruleSets });
  }
  const missing = sites.size > 0 ? [] : [mistake('site.missing', 'sites', { expected: siteFilePath('ID') })];
  const ofSites = [...sites.values()].flatMap((site) => [site, ...site.ruleSets.values()]);
  const files = [server, ...ofSites];
  return {
    server,
    sites,
    mistakes: [...server.mistakes, ...missing, ...ofSites.flatMap((file) => file.mistakes)],
    warnings: [...sites.values()].flatMap(({ warnings }) => warnings),
    unshown: new Map(files.filter(({ unshown }) => unshown > 0).map(({ file, unshown }) => [file, unshown])),
    secrets,
  };
}

function readRuleSets(folder: string, site: string): SiteRuleSets['ruleSets'] {
  return new Map(
    ruleSetNames(folder, site).map((name) => {
      const file = ruleSetPath(site, name);
      const read = readOr(folder, file);
      if ('mistake' in read)
        return [name, { file, digest: '', ruleSet: undefined, mistakes: [read.mistake], unshown: 0 }];
      return [name, { file, digest: read.digest, ...readRuleSet(read.bytes, name, file) }];
    }),
  );
}

function siteFolders(folder: string): string[] {
  try {
    return readdirSync(join(folder, 'sites'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .toSorted();
  } catch {
    return [];
  }
}

function readServer(folder: string, secrets: SecretFolder): ReadServerFolder['server'] {
  const file = serverFileName;
  const read = readOr(folder, file);
  if ('mistake' in read)
    return { file, digest: '', settings: undefined, mistakes: [read.mistake], unshown: 0 };
  return { file, digest: read.digest, ...readServerFile(read.bytes, { file, hasSecret: secrets.has }) };
}

function readOr(folder: string, file: string): FileVersion | { readonly mistake: Mistake } {
  try {
    return readVersion(join(folder, file)) ?? { mistake: mistake('site.unreadable', file) };
  } catch {
    return { mistake: mistake('site.unreadable', file) };
  }
}

const mistake = (code: Mistake['code'], file: string, details: Mistake['details'] = {}): Mistake => ({
  code,
  file,
  line: 1,
  column: 1,
  path: '/',
  details,
});
