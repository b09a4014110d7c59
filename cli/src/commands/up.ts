import { resolve } from 'node:path';
import { openServerFolder } from '../server/open-server-folder.ts';
import { serverPaths } from '../server/server-paths.ts';
import { takeDataFolder } from '../start/data-folder.ts';
import { requirePart } from '../start/installed-parts.ts';
import { dataFolderOf, readSettings, serverSettings } from '../start/settings.ts';
import { runUntilStopped } from './run-until-stopped.ts';

export interface UpOptions {
  /** One JSON line on standard output instead of text for people. */
  readonly json: boolean;
  readonly lang?: string;
}

/**
 * `watchpost up DIR`: runs a server with the gateways that are its own, until a signal comes. Gives the exit
 * code: 0 after a signal, 2 when it cannot start.
 */
export function upCommand(path: string, { json, lang }: UpOptions): Promise<number> {
  return runUntilStopped({ json, lang }, ({ say, texts, take }) => {
    requirePart('server');
    const folder = openServerFolder(resolve(path), { say, texts });
    const usual = serverPaths(folder.path, folder.server).data;
    const data = take(takeDataFolder(dataFolderOf(process.env, process.cwd(), usual)));
    const server = serverSettings(folder.server, folder.secrets);
    const settings = readSettings(process.env, data.path, server);
    return { data, folder, settings, isDemo: false };
  });
}
