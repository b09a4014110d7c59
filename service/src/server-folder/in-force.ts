import { join } from 'node:path';
import type { Mistake, NamedRuleSet, ServerFile, SiteFile } from '@watchpost/contracts/site';
import { keptRuleSetNames, readRuleSet, ruleSetNames, ruleSetPath } from './read-rule-set.ts';
import { readServerFile } from './read-server-file.ts';
import { type ReadSite, readSiteFile, type SiteFileContext } from './read-site-file.ts';
import type { SecretFolder } from './secrets.ts';
import { type FileVersion, keepVersion, keptVersions, readVersion } from './versions.ts';

/** What is wrong with a file as it is now, whichever version of it is in force. */
interface FileMistakes {
  readonly mistakes: readonly Mistake[];
  /** How many more there are. */
  readonly unshown: number;
}

/** No version of a file is good. */
export interface NothingInForce extends FileMistakes {
  readonly site?: undefined;
  readonly settings?: undefined;
}

/** The version of a site file that a start puts into force. */
export interface SiteInForce extends Pick<ReadSite, 'off'>, FileMistakes {
  readonly site: SiteFile;
  /** The file itself has mistakes outside its devices: the newest good version that was kept goes on. */
  readonly isKept: boolean;
  /** The rule set that the site names, as it was good last; absent: the built-in rules hold. */
  readonly ruleSet?: NamedRuleSet;
}

/** The version of `server.yaml` that a start puts into force. */
export interface ServerInForce extends FileMistakes {
  readonly settings: ServerFile;
  /** The file itself has mistakes: the newest good version that was kept goes on. */
  readonly isKept: boolean;
}

/**
 * Chooses the version of a site file to run with: the file, or where more of it than devices is broken the
 * newest version that was in force before. What is put into force is kept.
 * @param folder the server folder
 */
export function siteInForce(folder: string, context: SiteFileContext): SiteInForce | NothingInForce {
  const ruleSets = knownRuleSets(folder, context.id);
  const read = (version: FileVersion): FileMistakes & { readonly good: GoodSite | undefined } => {
    const { site, off, ...wrong } = readSiteFile(version.bytes, { ...at(context, version), ruleSets });
    const name = site?.policy.risk.ruleSet;
    if (!site || name === undefined) return { good: site && { site, off }, ...wrong };
    const { ruleSet, mistakes, unshown } = ruleSetInForce(folder, context.id, name);
    return {
      // Without one good version of what it names, a site would judge by rules that nobody chose.
      good: ruleSet && { site, off, ruleSet },
      mistakes: [...wrong.mistakes, ...mistakes],
      unshown: wrong.unshown + unshown,
    };
  };
  const { good, ...found } = inForce(folder, context.file, read);
  return good ? { ...good, ...found } : found;
}

type GoodSite = Pick<SiteInForce, 'site' | 'off' | 'ruleSet'>;

/** Rule sets that have a file, and those that had one: what was taken away counts as it last did. */
function knownRuleSets(folder: string, site: string): string[] {
  return [...new Set([...ruleSetNames(folder, site), ...keptRuleSetNames(folder, site)])];
}

/** The version of a rule set to run with, chosen as that of a site file is; it is kept. */
function ruleSetInForce(
  folder: string,
  site: string,
  name: string,
): FileMistakes & { readonly ruleSet: NamedRuleSet | undefined } {
  const file = ruleSetPath(site, name);
  const { good, ...found } = inForce(folder, file, ({ bytes }) => {
    const { ruleSet, ...wrong } = readRuleSet(bytes, name, file);
    return { good: ruleSet, ...wrong };
  });
  return { ruleSet: good, ...found };
}

/** The same for the server file, which has no part that could be left out. */
export function serverInForce(
  folder: string,
  context: { readonly file: string; readonly hasSecret: SecretFolder['has'] },
): ServerInForce | NothingInForce {
  const read = (version: FileVersion) => {
    const { settings, ...wrong } = readServerFile(version.bytes, context);
    return { good: settings && { settings }, ...wrong };
  };
  const { good, ...found } = inForce(folder, context.file, read);
  return good ? { ...good, ...found } : found;
}

/** What is wrong in the server file as it is now; nothing of it is kept. */
export function serverMistakes(
  folder: string,
  context: { readonly file: string; readonly hasSecret: SecretFolder['has'] },
): readonly Mistake[] {
  const current = readVersion(join(folder, context.file));
  return current ? readServerFile(current.bytes, context).mistakes : [unreadable(context.file)];
}

function inForce<Good>(
  folder: string,
  file: string,
  read: (version: FileVersion) => FileMistakes & { readonly good: Good | undefined },
): FileMistakes & { readonly good: Good | undefined; readonly isKept: boolean } {
  const path = join(folder, file);
  const current = readVersion(path);
  const now = current ? read(current) : { good: undefined, mistakes: [unreadable(file)], unshown: 0 };
  const { mistakes, unshown } = now;
  if (current && now.good) {
    keepVersion(path, current.bytes);
    return { good: now.good, mistakes, unshown, isKept: false };
  }
  for (const kept of keptVersions(path)) {
    const version = readVersion(kept);
    const good = version && read(version).good;
    if (good) return { good, mistakes, unshown, isKept: true };
  }
  return { good: undefined, mistakes, unshown, isKept: false };
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
