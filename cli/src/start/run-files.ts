import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { replaceSecretFile } from '@watchpost/service';

/**
 * Writes the configuration of one service where only the owner can read it; gives the path. Secrets are never
 * arguments.
 * @throws WatchpostError `config.data_folder`
 */
export function writeRunFile(dataFolder: string, name: string, content: object): string {
  const folder = join(dataFolder, 'run');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.json`);
  replaceSecretFile(path, JSON.stringify(content, null, 2));
  return path;
}

/** Where commands reach the server that runs with a data folder. */
export const controlSocket = (dataFolder: string): string => join(dataFolder, 'run', 'control.sock');

/** Where the process at the gateway door is asked for pictures of cameras. */
export const stillSocket = (dataFolder: string): string => join(dataFolder, 'run', 'stills.sock');
