import { demoFolder } from '../demo/demo-folder.ts';
import { openServerFolder } from '../server/open-server-folder.ts';
import { takeDataFolder } from '../start/data-folder.ts';
import { requirePart } from '../start/installed-parts.ts';
import { dataFolderOf, readSettings, serverSettings } from '../start/settings.ts';
import { runUntilStopped } from './run-until-stopped.ts';

export interface StartCommandOptions {
  /** One JSON line on standard output instead of text for people. */
  readonly json: boolean;
}

/** `watchpost start`: runs the demo site until a signal comes. Gives the exit code. */
export function startCommand({ json }: StartCommandOptions): Promise<number> {
  return runUntilStopped({ json }, ({ say, texts, take }) => {
    for (const part of ['server', 'gateway', 'demo'] as const) requirePart(part);
    const data = take(takeDataFolder(dataFolderOf(process.env, process.cwd())));
    const folder = openServerFolder(demoFolder(data.path), { say, texts });
    const server = serverSettings(folder.server, folder.secrets);
    const settings = readSettings(process.env, data.path, server);
    return { data, folder, settings, isDemo: true };
  });
}
