import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { copyRunningCluster } from './export/copy-cluster.ts';
import { knownMigrations, migrationsOf, refuseNewer } from './migrate.ts';
import { copyPolicy } from './policy.ts';
import type { Queryable } from './schema.ts';

/** In the folder of an embedded database: what it was before it was migrated, newest copies only. */
export const beforeUpgradeFolder = 'before-upgrade';

/**
 * Copies an embedded database that is about to be migrated, so that the version before can have it back. An
 * empty database, and one with nothing to migrate, is not copied.
 * @param folder holds the cluster; its lock is ours
 * @throws WatchpostError `store.newer`; `backup.no_room`: then nothing is migrated
 */
export async function keepBeforeUpgrade(db: Queryable, folder: string, logger: Logger): Promise<void> {
  const ran = await migrationsOf(db);
  refuseNewer(ran);
  const last = ran.at(-1);
  if (last === undefined || knownMigrations.every((name) => ran.includes(name))) return;
  await sql`checkpoint`.execute(db);
  const kept = join(folder, beforeUpgradeFolder);
  const place = join(kept, last);
  const draft = `${place}.part`;
  await rm(draft, { recursive: true, force: true });
  await copyRunningCluster(join(folder, 'pg'), join(draft, 'pg'));
  await rm(place, { recursive: true, force: true });
  await rename(draft, place);
  await forgetOlder(kept);
  logger.warn({ folder: place }, 'the database was copied before it is migrated');
}

/**
 * A database server is its owner’s to copy; that nobody did is at least said. @throws as
 * {@link keepBeforeUpgrade}
 */
export async function tellOfUpgrade(db: Queryable, logger: Logger): Promise<void> {
  const ran = await migrationsOf(db);
  refuseNewer(ran);
  const pending = knownMigrations.filter((name) => !ran.includes(name));
  if (ran.length > 0 && pending.length > 0)
    logger.warn({ pending }, 'the database server is migrated; what goes back is a backup of before');
}

async function forgetOlder(kept: string): Promise<void> {
  const copies = await Promise.all(
    (await readdir(kept)).map(async (name) => ({ name, madeMs: (await stat(join(kept, name))).mtimeMs })),
  );
  const older = copies.toSorted((a, b) => b.madeMs - a.madeMs).slice(copyPolicy.copiesKept);
  for (const { name } of older) await rm(join(kept, name), { recursive: true, force: true });
}
