import { WatchpostError } from '@watchpost/contracts/errors';
import type { Mistake, OffDevice, ServerFile, SiteFile } from '@watchpost/contracts/site';
import { readServerFolder, type SecretFolder, siteInForce } from '@watchpost/service/server-folder';
import { mistakeLines } from '../mistake-lines.ts';
import { serverFolderTexts } from '../server-folder-texts.ts';
import { hardwareKinds } from './hardware-kinds.ts';

/** A site as it is put into force. */
export interface SiteToRun {
  readonly site: SiteFile;
  readonly off: readonly OffDevice[];
}

/** A server folder that can be run. */
export interface ServerFolder extends SiteToRun {
  readonly path: string;
  readonly server: ServerFile;
  readonly secrets: SecretFolder;
  /** The gateway that the server runs itself. */
  readonly gateway: string;
  /** Reads the site again, after something was written into it. */
  readAgain(): SiteToRun;
}

/** How a person is told what is wrong. */
export interface Speaker {
  readonly say: (line: string) => void;
  readonly texts: { readonly chinese: boolean };
}

/**
 * Reads a server folder to run it, and says what is wrong in it: devices with mistakes are switched off, a
 * site that is broken elsewhere runs as it last did.
 * @throws WatchpostError `site.*` with the first mistake, where there is nothing good to run
 */
export function openServerFolder(path: string, { say, texts }: Speaker): ServerFolder {
  const read = readServerFolder(path, hardwareKinds(), Date.now());
  const { settings } = read.server;
  const tell = (mistakes: readonly Mistake[]) => {
    for (const mistake of mistakes) say(mistakeLines(mistake, texts));
  };
  const [id, ...others] = read.sites.keys();
  if (!settings || id === undefined) {
    tell(read.mistakes);
    throw firstOf(read.mistakes);
  }
  if (others.length > 0)
    throw new WatchpostError('config.invalid', { path: '/sites', details: { expected: 'one site' } });
  const inForce = (): SiteToRun & { readonly mistakes: readonly Mistake[] } => {
    const file = read.sites.get(id)?.file ?? '';
    const found = siteInForce(path, {
      file,
      id,
      profiles: hardwareKinds(),
      nowMs: Date.now(),
      hasSecret: read.secrets.has,
    });
    const words = serverFolderTexts(texts.chinese);
    if (!found.site) {
      tell(found.mistakes);
      say(words.noVersion);
      throw firstOf(found.mistakes);
    }
    if (found.isKept) say(words.keepsVersion);
    return found;
  };
  const first = inForce();
  tell(first.mistakes);
  const gateway = first.site.gateways[0]?.id;
  if (gateway === undefined)
    throw new WatchpostError('site.missing', { path: '/gateways', details: { expected: 'list' } });
  return {
    path,
    server: settings,
    secrets: read.secrets,
    site: first.site,
    off: first.off,
    gateway,
    readAgain: inForce,
  };
}

function firstOf([mistake]: readonly Mistake[]): WatchpostError {
  if (!mistake) return new WatchpostError('site.unreadable');
  const { code, file, line, column, path } = mistake;
  return new WatchpostError(code, { path, details: { file, line, column } });
}
