import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rehearseUpgrade, type UpgradeRehearsal } from '@watchpost/alerting/export';
import { type ServerPlaces, serverPlaces, storeFolder, storeSource } from '../backup/server-places.ts';
import { backupTexts } from '../backup-texts.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';

export interface UpgradeCheckOptions {
  readonly json: boolean;
  readonly lang?: string;
}

const nothing: UpgradeRehearsal = { pending: [], bytes: 0, tookMs: 0, isTried: true, roomBytes: 0 };

/**
 * `watchpost upgrade check DIR`: what the next start with this version does to a server’s database, how long
 * that takes, how much room it needs, and what can go back. Nothing is changed, and the server may run. Exit
 * code 0 where nothing is to be migrated, 1 where something is, 2 for an error: `store.newer` among them.
 */
export function upgradeCheckCommand(
  folder: string,
  { json, lang }: UpgradeCheckOptions,
  io: CommandIo = terminal,
  nowMs = Date.now(),
): Promise<number> {
  return runCommand(io, lang, async ({ chinese }) => {
    const places = serverPlaces(folder, io.environment, nowMs);
    const isNew = places.databaseUrl === undefined && !existsSync(join(storeFolder(places.data), 'pg'));
    const found = isNew ? nothing : await rehearseUpgrade(storeSource(places));
    const goesBack = places.databaseUrl === undefined ? 'copy' : 'backup';
    io.out(json ? `${JSON.stringify({ ...found, goesBack })}\n` : forPeople(found, places, chinese));
    return found.pending.length === 0 ? 0 : 1;
  });
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1_000_000)} MB`;

function forPeople(
  { pending, bytes, tookMs, isTried, roomBytes }: UpgradeRehearsal,
  { databaseUrl, data }: ServerPlaces,
  chinese: boolean,
): string {
  const texts = backupTexts(chinese);
  if (pending.length === 0) return `${texts.nothingPending} (${texts.database}: ${megabytes(bytes)})\n`;
  const seconds = `${Math.max(1, Math.ceil(tookMs / 1_000))} s`;
  return [
    `${texts.pending}: ${pending.join(', ')}\n`,
    `${texts.database}: ${megabytes(bytes)}\n`,
    `${texts.takes}: ${seconds} (${isTried ? texts.tried : texts.reckoned})\n`,
    `${texts.room}: ${megabytes(roomBytes)}\n`,
    databaseUrl === undefined
      ? `${texts.goesBackCopy}: ${join(storeFolder(data), 'before-upgrade')}\n`
      : `${texts.goesBackBackup}\n`,
  ].join('');
}
