import { resolve } from 'node:path';
import type { StoreTarget } from '@watchpost/alerting/export';
import { WatchpostError } from '@watchpost/contracts/errors';
import { serverFileSchema } from '@watchpost/contracts/site';
import { readSecretFile } from '@watchpost/service';
import { readYaml, serverFileName } from '@watchpost/service/server-folder';
import { parseRecoveryKey, type RecoveryKey } from '../backup/recovery-key.ts';
import { type RestorePlaces, restoreServer } from '../backup/restore-server.ts';
import { newStoreTemplate, serverPlaces, storeFolder } from '../backup/server-places.ts';
import { backupTexts } from '../backup-texts.ts';
import { dataFolderOf } from '../start/settings.ts';
import { chainPointOf } from './chain-point.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';
import { readLine } from './read-line.ts';

export interface RestoreOptions {
  /** File with the recovery key; standard input by default. */
  readonly keyFile?: string;
  /** The last entry of the audit log that was noted: `POSITION:HASH`. */
  readonly head?: string;
  readonly json: boolean;
  readonly lang?: string;
}

/** More than a recovery key has, however it is typed. */
const typedBytes = 300;

/**
 * `watchpost restore FILE DIR`: puts an archive into a folder in which nothing is yet. Exit code 0, 2 for an
 * error: then nothing is there that would start.
 */
export function restoreCommand(
  file: string,
  folder: string,
  { keyFile, head, json, lang }: RestoreOptions,
  io: CommandIo = terminal,
  nowMs = Date.now(),
): Promise<number> {
  return runCommand(io, lang, async ({ chinese }) => {
    const texts = backupTexts(chinese);
    const noted = head === undefined ? undefined : chainPointOf(head);
    if (keyFile === undefined && !json) io.err(`${texts.typeKey}: `);
    const recovery = await recoveryKey(keyFile, io);
    const target = resolve(folder);
    const dataOf = (serverFile: Buffer | undefined) =>
      dataFolderOf(io.environment, process.cwd(), resolve(target, namedData(serverFile)));
    const template = await newStoreTemplate();
    const databaseOf = (staged: RestorePlaces): StoreTarget => {
      const { databaseUrl } = serverPlaces(staged.folder, io.environment, nowMs);
      return databaseUrl === undefined
        ? { kind: 'embedded', folder: storeFolder(staged.data), template }
        : { kind: 'server', url: databaseUrl };
    };
    const from = resolve(file);
    const { places, preface, manifest } = await restoreServer({
      from,
      recovery,
      folder: target,
      dataOf,
      databaseOf,
      ...(noted ? { head: noted } : {}),
    });
    const rows = manifest.entries.reduce((sum, entry) => sum + (entry.rows ?? 0), 0);
    const files = manifest.entries.filter(({ kind }) => kind === 'file').length;
    const { madeAt, watchpost } = preface;
    io.out(
      json
        ? `${JSON.stringify({ folder: places.folder, madeAt, watchpost, rows, files })}\n`
        : `${texts.restored}: ${places.folder} (${texts.madeAt} ${madeAt}, ${rows} ${texts.rows}, ${files} ${texts.files})\n${texts.next}\n${noted ? texts.listsWhereNoted : texts.listsAreDrafts}\n`,
    );
    return 0;
  });
}

async function recoveryKey(keyFile: string | undefined, io: CommandIo): Promise<RecoveryKey> {
  if (keyFile === undefined) return parseRecoveryKey(await readLine(io.input, typedBytes));
  let text: string;
  try {
    text = readSecretFile(keyFile).toString('utf8');
  } catch (cause) {
    if (cause instanceof WatchpostError) throw cause;
    throw new WatchpostError('config.invalid', { path: '/--key-file', cause });
  }
  return parseRecoveryKey(text);
}

/** What the server’s file says of its data folder, from the server folder. */
function namedData(serverFile: Buffer | undefined): string {
  const { value } = readYaml(serverFile ?? Buffer.from(''), serverFileName);
  const { dataFolder } = (value ?? {}) as { readonly dataFolder?: unknown };
  return typeof dataFolder === 'string' ? dataFolder : serverFileSchema.shape.dataFolder.parse(undefined);
}
