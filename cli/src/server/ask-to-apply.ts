import { basename, dirname } from 'node:path';
import { askLocally } from '@watchpost/service';
import { readServerFolder } from '@watchpost/service/server-folder';
import { controlSocket } from '../start/run-files.ts';
import { dataFolderOf } from '../start/settings.ts';
import { firstOf } from './first-mistake.ts';
import { serverPaths } from './server-paths.ts';

/**
 * Asks the server that runs with a folder to put its files into force.
 * @param folder absolute path of the server folder
 * @returns undefined where none runs
 * @throws WatchpostError what it answers, `site.*` where nothing says where its data is
 */
export async function askToApply(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly value: unknown } | undefined> {
  const { server, mistakes } = readServerFolder(folder, new Map(), 0);
  if (!server.settings) throw firstOf(mistakes, folder);
  const usual = serverPaths(folder, server.settings).data;
  const dataFolders = [
    dataFolderOf(environment, process.cwd(), usual),
    // The demo’s server folder lies in its data folder.
    ...(basename(folder) === 'server' ? [dirname(folder)] : []),
  ];
  for (const data of dataFolders) {
    const answer = await askLocally(controlSocket(data), 'apply');
    if (answer) return answer;
  }
  return undefined;
}
