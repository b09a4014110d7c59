import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { exportTables, knownMigrations, type StoreSource } from '@watchpost/alerting/export';
import { WatchpostError } from '@watchpost/contracts/errors';
import { backUpServer } from './back-up-server.ts';
import { beforeUpgradePolicy } from './policy.ts';
import type { ServerPlaces } from './server-places.ts';
import { storeSource } from './server-places.ts';
import { writingKeyOfServer, writingKeyPath } from './writing-key-file.ts';

/** Below the data folder: archives of before the database was migrated, the newest only. */
export const backupsFolder = 'backups';

/** A database, and what is around it, before this version migrates it. */
export interface BeforeUpgrade {
  /** Migrations that ran, in their order. */
  readonly ran: readonly string[];
  readonly known: readonly string[];
  /** Of the database on its disk. */
  readonly bytes: number;
  /** Free on the disk of the archive, bytes. */
  readonly freeBytes: number;
  /** Whether somebody holds a recovery key that would open the archive. */
  readonly hasKey: boolean;
  /** The migration at which the owner says to have a backup of the database. */
  readonly backedUp: string | undefined;
}

/** What a start does before a database server is migrated. */
export type UpgradeStep =
  | { readonly step: 'go_on' }
  | { readonly step: 'back_up'; readonly at: string }
  | { readonly step: 'refuse'; readonly at: string; readonly reason: 'too_large' | 'no_room' | 'no_key' };

/**
 * Nothing is migrated of which nothing could go back, unless its owner has said that there is a backup: of
 * just this migration, so that a setting that was forgotten speaks for no later upgrade.
 */
export function upgradeStep(found: BeforeUpgrade): UpgradeStep {
  const { ran, known, bytes, freeBytes, hasKey, backedUp } = found;
  const at = ran.at(-1);
  // What is newer is refused by whoever opens it.
  if (at === undefined || known.every((name) => ran.includes(name))) return { step: 'go_on' };
  if (backedUp === at) return { step: 'go_on' };
  if (bytes > beforeUpgradePolicy.databaseBytesAtMost) return { step: 'refuse', at, reason: 'too_large' };
  if (bytes + beforeUpgradePolicy.roomLeftBytes > freeBytes) return { step: 'refuse', at, reason: 'no_room' };
  if (!hasKey) return { step: 'refuse', at, reason: 'no_key' };
  return { step: 'back_up', at };
}

/** What {@link backUpBeforeUpgrade} needs. */
export interface BackUpBeforeUpgradeOptions {
  readonly places: ServerPlaces;
  /** See {@link BeforeUpgrade.backedUp}. */
  readonly backedUp: string | undefined;
  /** Version of Watchpost. */
  readonly version: string;
  readonly nowMs: number;
}

/**
 * Writes an archive of a server whose database is about to be migrated, as `backup` would: of the shape that
 * it has, so that every version which knows its last migration restores it. Does nothing for an empty
 * database or one that is as this version wants it.
 * @returns path of the archive, when one was written
 * @throws WatchpostError `store.backup_needed` with the reason; as `backUpServer`: then nothing is migrated
 */
export async function backUpBeforeUpgrade(options: BackUpBeforeUpgradeOptions): Promise<string | undefined> {
  const { places, backedUp, version, nowMs } = options;
  const { migrations: ran, bytes } = await shapeOf(storeSource(places));
  const { bavail, bsize } = await statfs(places.data);
  const freeBytes = bavail * bsize;
  const hasKey = existsSync(join(places.folder, writingKeyPath));
  const next = upgradeStep({ ran, known: knownMigrations, bytes, freeBytes, hasKey, backedUp });
  if (next.step === 'go_on') return undefined;
  const refusal = (reason: string, cause?: unknown) =>
    new WatchpostError('store.backup_needed', {
      path: '/WATCHPOST_BACKED_UP',
      details: { reason, expected: next.at, databaseBytes: bytes, freeBytes },
      cause,
    });
  if (next.step === 'refuse') throw refusal(next.reason);
  const folder = join(places.data, backupsFolder);
  const to = join(folder, `before-upgrade-of-${next.at}.archive`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { key } = writingKeyOfServer(places.folder);
    await backUpServer({ places, to, key, version, nowMs });
    await forgetOlder(folder);
  } catch (error) {
    if (error instanceof WatchpostError) throw error;
    throw refusal('not_writable', error);
  }
  return to;
}

const shapeOf = (source: StoreSource) => exportTables(source, async ({ shape }) => shape);

async function forgetOlder(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^before-upgrade-of-.+\.archive$/.test(name));
  const archives = await Promise.all(
    names.map(async (name) => ({ name, madeMs: (await stat(join(folder, name))).mtimeMs })),
  );
  const older = archives.toSorted((a, b) => b.madeMs - a.madeMs).slice(beforeUpgradePolicy.archivesKept);
  for (const { name } of older) await rm(join(folder, name), { force: true });
}
