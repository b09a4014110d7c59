import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { WatchpostError } from '@watchpost/contracts/errors';
import { memoryEpochPrefix } from '@watchpost/contracts/wire';
import { diskTrouble } from '../storage/disk-trouble.ts';
import { openExclusive } from '../storage/exclusive-database.ts';
import type { WaitingEvent } from './outbox-row.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS life (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch TEXT NOT NULL CHECK (length(epoch) = 32),
    last_seq INTEGER NOT NULL,
    watermark INTEGER NOT NULL CHECK (watermark <= last_seq),
    refused INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY,
    urgent INTEGER NOT NULL,
    body TEXT NOT NULL,
    -- Of an event that was captured before the offset of the clock was known: when, by the monotonic clock of which boot.
    captured_monotonic REAL,
    captured_boot TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS urgent_event ON event (seq) WHERE urgent = 1;
`;

/** Form of the file that this version writes, as `user_version`; files of before this number say 0. */
const outboxForm = 1;

/** Path of an outbox that lives in memory. */
export const inMemory = ':memory:';

/**
 * A fresh name for one life of an outbox; one in memory says so, because it is used beside that of the disk.
 */
export function newEpoch(path: string): string {
  if (path === inMemory) return memoryEpochPrefix + randomBytes(12).toString('hex');
  return randomBytes(16).toString('hex');
}

/**
 * Opens or makes the outbox; `maxPages` is SQLite's `max_page_count`. A file of an older version goes on.
 * @throws WatchpostError `edge.outbox_newer`, with nothing touched; as `openExclusive`
 */
export function openOutboxFile(path: string, maxPages?: number): DatabaseSync {
  const database = openExclusive(path, '');
  refuseNewer(database, path);
  copyBeforeMigration(database, path);
  database.exec(schema);
  if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
  addMissingColumns(database);
  database.exec(`PRAGMA user_version = ${outboxForm}`);
  database
    .prepare('INSERT OR IGNORE INTO life (one, epoch, last_seq, watermark, refused) VALUES (1, ?, 0, 0, 0)')
    .run(newEpoch(path));
  return database;
}

/** Where the file is kept as the version before left it, once this version has migrated it. */
export const copyBefore = (path: string): string => `${path}.before-${outboxForm}`;

/**
 * A file of an older version is copied before anything in it changes. A disk without room for the copy keeps
 * no gateway from its events: so far a migration only adds what older versions do not look at.
 */
function copyBeforeMigration(database: DatabaseSync, path: string): void {
  const { user_version: form } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  const isMade = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'event'").get() !== undefined;
  if (form >= outboxForm || !isMade || path === inMemory) return;
  const copy = copyBefore(path);
  try {
    rmSync(copy, { force: true });
    // SQLite fills a file that is there and empty: so it is its owner’s alone from the beginning.
    writeFileSync(copy, '', { mode: 0o600 });
    database.prepare('VACUUM INTO ?').run(copy);
  } catch (error) {
    rmSync(copy, { force: true });
    if (diskTrouble(error) === null) throw error;
  }
}

function refuseNewer(database: DatabaseSync, path: string): void {
  const { user_version: form } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (form <= outboxForm) return;
  database.close();
  throw new WatchpostError('edge.outbox_newer', { details: { file: path, form, known: outboxForm } });
}

/** A file of an older version goes on with its events. */
function addMissingColumns(database: DatabaseSync): void {
  const columns = database.prepare('PRAGMA table_info(event)').all() as { name: string }[];
  if (columns.some(({ name }) => name === 'captured_boot')) return;
  database.exec(
    'ALTER TABLE event ADD COLUMN captured_monotonic REAL; ALTER TABLE event ADD COLUMN captured_boot TEXT;',
  );
}

/**
 * The events that wait in a file which cannot be written, oldest first; none when it cannot be read either.
 * What was confirmed but not deleted comes too: the store knows its own.
 */
export function readUnwritable(path: string): WaitingEvent[] {
  let database: DatabaseSync | undefined;
  try {
    // Immutable: nothing is created beside it, on a disk that would not take it. The log may hold more; that
    // comes after the repair.
    database = new DatabaseSync(`file:${encodeURI(path)}?immutable=1`, { readOnly: true });
    const columns = database.prepare('PRAGMA table_info(event)').all() as { name: string }[];
    const captured = columns.some(({ name }) => name === 'captured_boot')
      ? 'captured_monotonic, captured_boot'
      : 'NULL AS captured_monotonic, NULL AS captured_boot';
    return database
      .prepare(`SELECT urgent, body, ${captured} FROM event ORDER BY seq`)
      .all() as unknown as WaitingEvent[];
  } catch {
    return [];
  } finally {
    database?.close();
  }
}
