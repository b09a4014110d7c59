import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { openExclusive } from '../storage/exclusive-database.ts';

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
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS urgent_event ON event (seq) WHERE urgent = 1;
`;

/** A fresh name for one life of an outbox. */
export function newEpoch(): string {
  return randomBytes(16).toString('hex');
}

/** Opens or makes the outbox. @throws as `openExclusive` */
export function openOutboxFile(path: string): DatabaseSync {
  const database = openExclusive(path, schema);
  database
    .prepare('INSERT OR IGNORE INTO life (one, epoch, last_seq, watermark, refused) VALUES (1, ?, 0, 0, 0)')
    .run(newEpoch());
  return database;
}
