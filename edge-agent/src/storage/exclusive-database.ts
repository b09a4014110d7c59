import { existsSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { WatchpostError } from '@watchpost/contracts/errors';

/** SQLite primary result codes that say the file itself is unusable: CORRUPT, NOTADB. */
const corruptCodes = new Set([11, 26]);

/** Whether an error of node:sqlite means that the file is damaged. */
export function isCorruption(error: unknown): boolean {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' && corruptCodes.has(code & 0xff);
}

/**
 * Opens or makes an SQLite file that this process alone may use, because two writers would count twice: WAL,
 * every commit on disk before it returns.
 * @throws WatchpostError `config.data_folder` when it cannot be opened or another process holds it; errors of
 *   a damaged file as they are.
 */
export function openExclusive(path: string, schema: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    const check = database.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string } | undefined;
    if (check?.quick_check !== 'ok') throw Object.assign(new Error('quick_check failed'), { errcode: 11 });
    database.exec(schema);
    return database;
  } catch (cause) {
    closeQuietly(database);
    if (isCorruption(cause)) throw cause;
    throw new WatchpostError('config.data_folder', { details: { file: path }, cause });
  }
}

/** Moves a damaged file (with its WAL) out of the way, for a person to look at. @returns its new name */
export function setAside(path: string, nowMs: number): string {
  const target = `${path}.corrupt-${new Date(nowMs).toISOString().replaceAll(':', '')}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  }
  return target;
}

export function closeQuietly(database: DatabaseSync | undefined): void {
  try {
    database?.close();
  } catch {
    // A damaged file may refuse even this; its handle goes with the process.
  }
}

/** Runs `work` as one transaction: all of it is on disk afterwards, or nothing. */
export function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
