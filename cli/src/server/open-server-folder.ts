import type { ErrorCode } from '@watchpost/contracts/errors';
import type { Mistake, NamedRuleSet, OffDevice, ServerFile, SiteFile } from '@watchpost/contracts/site';
import {
  readServerFolder,
  type SecretFolder,
  serverFileName,
  serverInForce,
  serverMistakes,
  siteFilePath,
  siteInForce,
} from '@watchpost/service/server-folder';
import { mistakeLines } from '../mistake-lines.ts';
import { serverFolderTexts } from '../server-folder-texts.ts';
import { firstOf } from './first-mistake.ts';
import { hardwareKinds } from './hardware-kinds.ts';

/** A site as it is put into force. */
export interface SiteToRun {
  readonly site: SiteFile;
  readonly off: readonly OffDevice[];
  /** By which its events are judged; absent: the built-in rules hold. */
  readonly ruleSet?: NamedRuleSet;
}

/** A site that has a folder, and no version that could run. */
export interface SiteAway {
  readonly id: string;
  /** Code of its first mistake. */
  readonly error: ErrorCode;
}

/** A server folder that can be run. */
export interface ServerFolder {
  readonly path: string;
  readonly server: ServerFile;
  readonly secrets: SecretFolder;
  /** The sites that run, by their ids, in the order of their names; one at least. */
  readonly sites: ReadonlyMap<string, SiteToRun>;
  /** Sites that cannot run; the others do. */
  readonly away: readonly SiteAway[];
  /** The first mistake of each file whose newest good version runs in the place of what stands there now. */
  readonly kept: readonly Mistake[];
  /** Reads a site again, after something was written into it. @throws WatchpostError `site.*` */
  readAgain(id: string): SiteToRun;
  /** Which version of a site would be put into force now; it is kept. */
  look(id: string): LookedAt;
  /** What is wrong in `server.yaml` now. */
  lookAtServer(): readonly Mistake[];
}

/** A site file as it is now, and the version that it gives. */
export interface LookedAt {
  /** Absent where no version is good. */
  readonly site?: SiteToRun;
  /** Of the file as it is now, whichever version was found. */
  readonly mistakes: readonly Mistake[];
  /** The file has mistakes outside its devices: an earlier version was found. */
  readonly isKept: boolean;
}

/** How a person is told what is wrong. */
export interface Speaker {
  readonly say: (line: string) => void;
  readonly texts: { readonly chinese: boolean };
}

/**
 * Reads a server folder to run it, and says what is wrong in it: devices with mistakes are switched off, a
 * file that is broken elsewhere counts as it last did, and a site of which no version is good does not run;
 * it stops no other.
 * @throws WatchpostError `site.*` with the first mistake, where there are no settings or no site to run
 */
export function openServerFolder(path: string, { say, texts }: Speaker): ServerFolder {
  const { secrets, sites: found, mistakes } = readServerFolder(path, hardwareKinds(), Date.now());
  const words = serverFolderTexts(texts.chinese);
  const tell = ({ mistakes, unshown }: { mistakes: readonly Mistake[]; unshown: number }) => {
    for (const mistake of mistakes) say(mistakeLines(mistake, texts));
    if (unshown > 0) say(`${words.more}: ${unshown}`);
  };
  const kept: Mistake[] = [];
  const sayKept = (name: string, [first]: readonly Mistake[]) => {
    say(`${name}${words.keepsVersion}`);
    if (first) kept.push(first);
  };
  const server = serverInForce(path, { file: serverFileName, hasSecret: secrets.has });
  tell(server);
  const { settings } = server;
  if (!settings) throw firstOf(server.mistakes, path);
  if (server.isKept) sayKept(`${serverFileName}: `, server.mistakes);
  if (found.size === 0) {
    tell({ mistakes, unshown: 0 });
    throw firstOf(mistakes);
  }
  const isOne = found.size === 1;
  const look = (id: string) =>
    siteInForce(path, {
      file: found.get(id)?.file ?? '',
      id,
      profiles: hardwareKinds(),
      nowMs: Date.now(),
      hasSecret: secrets.has,
    });
  const sites = new Map<string, SiteToRun>();
  const away: SiteAway[] = [];
  for (const id of found.keys()) {
    const site = look(id);
    tell(site);
    const name = isOne ? '' : `${id}: `;
    if (site.site) {
      sites.set(id, toRun(site));
      if (site.isKept || site.mistakes.some(({ file }) => file !== siteFilePath(id)))
        sayKept(name, site.mistakes);
    } else {
      away.push({ id, error: firstOf(site.mistakes).code });
      say(`${name}${words.noVersion}`);
    }
  }
  if (sites.size === 0) throw firstOf(mistakes);
  return {
    path,
    server: settings,
    secrets,
    sites,
    away,
    kept,
    look: (id) => {
      const found = look(id);
      if (!found.site) return { mistakes: found.mistakes, isKept: false };
      return { site: toRun(found), mistakes: found.mistakes, isKept: found.isKept };
    },
    lookAtServer: () => serverMistakes(path, { file: serverFileName, hasSecret: secrets.has }),
    readAgain: (id) => {
      const found = look(id);
      if (found.site) return toRun(found);
      throw firstOf(found.mistakes);
    },
  };
}

const toRun = ({ site, off, ruleSet }: SiteToRun): SiteToRun => ({
  site,
  off,
  ...(ruleSet ? { ruleSet } : {}),
});
