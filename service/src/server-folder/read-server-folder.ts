import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Mistake, type ServerFile, type SiteContext, serverFileSchema } from '@watchpost/contracts/site';
import { mistakesOf } from './explain-issues.ts';
import { type ReadSite, readSiteFile } from './read-site-file.ts';
import { type SecretFolder, secretFolder } from './secrets.ts';
import { type FileVersion, readVersion } from './versions.ts';
import { readYaml } from './yaml-file.ts';

/** A file of the server folder as it was read. */
export interface ReadFile {
  /** Path from the server folder. */
  readonly file: string;
  /** SHA-256 of the file, hexadecimal; empty where it could not be read. */
  readonly digest: string;
}

/** What a server folder says. */
export interface ReadServerFolder {
  readonly server: ReadFile & { readonly settings: ServerFile | undefined };
  /** By the name of their folder, in its order. */
  readonly sites: ReadonlyMap<string, ReadFile & ReadSite>;
  /** Of all files. */
  readonly mistakes: readonly Mistake[];
  readonly secrets: SecretFolder;
}

/** Where the files of a server folder are. */
export const serverFileName = 'server.yaml';
export const siteFilePath = (site: string): string => join('sites', site, 'site.yaml');

/**
 * Reads `server.yaml` and each `sites/<id>/site.yaml` of a server folder. What is wrong is in `mistakes`,
 * files that are not there too.
 */
export function readServerFolder(
  folder: string,
  profiles: SiteContext['profiles'],
  nowMs: number,
): ReadServerFolder {
  const secrets = secretFolder(join(folder, 'secrets'));
  const server = readServerFile(folder, secrets);
  const sites = new Map<string, ReadFile & ReadSite>();
  for (const id of siteFolders(folder)) {
    const file = siteFilePath(id);
    const read = readOr(folder, file);
    if ('mistake' in read) {
      sites.set(id, { file, digest: '', site: undefined, off: [], mistakes: [read.mistake] });
      continue;
    }
    // A clock that lost its battery must not make an approval one of the future.
    const notBeforeMs = Math.max(nowMs, read.writtenMs);
    const context = { file, id, profiles, nowMs: notBeforeMs, hasSecret: secrets.has };
    sites.set(id, { file, digest: read.digest, ...readSiteFile(read.bytes, context) });
  }
  const missing = sites.size > 0 ? [] : [mistake('site.missing', 'sites', { expected: siteFilePath('ID') })];
  return {
    server,
    sites,
    mistakes: [...server.mistakes, ...missing, ...[...sites.values()].flatMap((site) => site.mistakes)],
    secrets,
  };
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

function readServerFile(
  folder: string,
  secrets: SecretFolder,
): ReadServerFolder['server'] & { readonly mistakes: readonly Mistake[] } {
  const file = serverFileName;
  const read = readOr(folder, file);
  if ('mistake' in read) return { file, digest: '', settings: undefined, mistakes: [read.mistake] };
  const { digest, bytes } = read;
  const { value, positionOf, mistakes } = readYaml(bytes, file);
  if (mistakes.length > 0) return { file, digest, settings: undefined, mistakes };
  const parsed = serverFileSchema.safeParse(value);
  if (!parsed.success) {
    const found = mistakesOf(parsed.error.issues, { file, schema: serverFileSchema, value, positionOf });
    return { file, digest, settings: undefined, mistakes: found };
  }
  const { database } = parsed.data;
  if (database && !secrets.has(database.secret)) {
    const path = ['database', 'secret'];
    const missing: Mistake = {
      ...mistake('site.secret_missing', file, { found: database.secret }),
      ...positionOf(path),
      path: '/database/secret',
    };
    return { file, digest, settings: undefined, mistakes: [missing] };
  }
  return { file, digest, settings: parsed.data, mistakes: [] };
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
