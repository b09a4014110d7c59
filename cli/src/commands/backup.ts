import { basename, resolve } from 'node:path';
import { type BackedUp, backUpServer } from '../backup/back-up-server.ts';
import { serverPlaces } from '../backup/server-places.ts';
import { writingKeyOfServer } from '../backup/writing-key-file.ts';
import { backupTexts } from '../backup-texts.ts';
import { notedWork } from '../server/noted-work.ts';
import { watchpostVersion } from '../version.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';

export interface BackupOptions {
  /** Path of the archive. */
  readonly to: string;
  readonly json: boolean;
  readonly lang?: string;
}

/**
 * `watchpost backup DIR --to FILE`: an encrypted archive of a server, whether or not it runs. The first one
 * shows the recovery key. Exit code 0, 2 for an error.
 */
export function backupCommand(
  folder: string,
  { to, json, lang }: BackupOptions,
  io: CommandIo = terminal,
  nowMs = Date.now(),
): Promise<number> {
  return runCommand(io, lang, async ({ chinese }) => {
    const places = serverPlaces(folder, io.environment, nowMs);
    const { key, recovery, keep } = writingKeyOfServer(places.folder);
    const path = resolve(to);
    const done = await notedWork(
      places.data,
      {
        note: { site: null, action: 'backup_made', subject: null, details: { file: basename(path) } },
        work: () => backUpServer({ places, to: path, key, version: watchpostVersion, nowMs }),
        learnt: (made) => ({ ...sums(made), newKey: recovery !== undefined }),
      },
      () => Date.now(),
    );
    // Shown before it is kept: a key that nobody has seen must open no later archive.
    io.out(json ? forPrograms(path, done, recovery) : forPeople(path, done, recovery, chinese));
    keep();
    return 0;
  });
}

const sums = ({ manifest: { entries } }: BackedUp) => ({
  rows: entries.reduce((sum, { rows = 0 }) => sum + rows, 0),
  files: entries.filter(({ kind }) => kind === 'file').length,
  bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
});

function forPrograms(archive: string, done: BackedUp, recoveryKey: string | undefined): string {
  const answer = {
    archive,
    ...sums(done),
    undeclared: done.undeclared,
    ...(recoveryKey ? { recoveryKey } : {}),
  };
  return `${JSON.stringify(answer)}\n`;
}

function forPeople(path: string, done: BackedUp, recovery: string | undefined, chinese: boolean): string {
  const texts = backupTexts(chinese);
  const { rows, files } = sums(done);
  return [
    `${texts.written}: ${path} (${rows} ${texts.rows}, ${files} ${texts.files})\n`,
    ...(done.undeclared.length > 0 ? [`${texts.undeclared}: ${done.undeclared.join(', ')}\n`] : []),
    ...(recovery ? [`\n${texts.recoveryKey}:\n  ${recovery}\n${texts.keepIt}\n`] : []),
  ].join('');
}
