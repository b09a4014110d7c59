import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the configuration of one service where only the owner can read it; gives the path. Secrets are never arguments. */
export function writeRunFile(dataFolder: string, name: string, content: object): string {
  const folder = join(dataFolder, 'run');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.json`);
  writeFileSync(`${path}.part`, JSON.stringify(content, null, 2), { mode: 0o600 });
  renameSync(`${path}.part`, path);
  return path;
}
