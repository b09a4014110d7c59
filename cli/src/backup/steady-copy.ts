import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import { backupPolicy } from './policy.ts';

const isGone = (error: unknown): boolean => (error as { code?: unknown }).code === 'ENOENT';

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** The content of a file in pieces; nothing where it is gone. */
export async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    for (;;) {
      const buffer = Buffer.alloc(backupPolicy.partBytes);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Whether a file is an SQLite database. */
export const isSqlite = (path: string): boolean => path.endsWith('.sqlite');
/** What SQLite keeps beside a database while it is open: it goes into the copy of the database. */
export const isOfSqlite = (path: string): boolean => /\.sqlite-(wal|shm|journal)$/.test(path);

/** SQLite file format, 4.1: the header of a write-ahead log changes when the log begins anew. */
const walHeaderBytes = 32;

/**
 * An SQLite database as one file as it was at one moment, although a process has it open for itself alone and
 * writes: what is in the file and what is in its log are of one moment when neither the file nor the
 * beginning of the log changed while they were read.
 * @param scratch folder for a copy, which is taken away again
 * @throws WatchpostError `backup.unsteady`
 */
export async function copySqlite(path: string, scratch: string): Promise<Buffer> {
  for (let attempt = 1; ; attempt++) {
    const file = await readFile(path);
    const wal = await readIfThere(`${path}-wal`);
    const isSteady =
      (await readFile(path)).equals(file) &&
      sameLog(wal, await readIfThere(`${path}-wal`)) &&
      (await readIfThere(`${path}-journal`)) === undefined;
    const copy = isSteady ? await merged(file, wal, scratch) : undefined;
    if (copy) return copy;
    if (attempt === backupPolicy.attempts) throw new WatchpostError('backup.unsteady', { path });
    await sleep(backupPolicy.pauseMs);
  }
}

const sameLog = (before: Buffer | undefined, after: Buffer | undefined): boolean =>
  (before?.subarray(0, walHeaderBytes).toString('hex') ?? '') ===
  (after?.subarray(0, walHeaderBytes).toString('hex') ?? '');

/** The database with what its log says; undefined where both are not of one moment. */
async function merged(file: Buffer, wal: Buffer | undefined, scratch: string): Promise<Buffer | undefined> {
  const folder = await mkdtemp(join(scratch, 'sqlite-'));
  try {
    const path = join(folder, 'copy');
    await writeFile(path, file, { mode: 0o600 });
    if (wal) await writeFile(`${path}-wal`, wal, { mode: 0o600 });
    return isSound(path) ? await readFile(path) : undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isSound(path: string): boolean {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    const check = database.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string } | undefined;
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return check?.quick_check === 'ok';
  } catch {
    return false;
  } finally {
    database?.close();
  }
}
