import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type RestoredFile, restoredFile, restoredFileSchema } from '@watchpost/contracts/lists';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { insertRows } from '../store/json-rows.ts';
import { entriesIn, type StoredEntry, updateEntry } from '../store/list-store.ts';
import { holdPasses } from '../store/pass-store.ts';
import type { Queryable } from '../store/schema.ts';
import { append, headOf } from './audit-log.ts';

/** What {@link holdRestoredLists} needs. */
export interface RestoredListsParts {
  readonly db: Queryable;
  readonly dataFolder: string;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/**
 * After a restore nobody knows what was withdrawn or erased since the archive was made: its lists do not say
 * so. So whatever was active or proposed is a draft again, without signatures, and matches nothing until two
 * people have looked at it; and passes, which may have been revoked or used up since, are held until somebody
 * confirms them. But where the audit log ends with the entry that was noted as its last one, nothing came
 * after the archive, and everything stays. Called before anything else has to do with the lists.
 * Interrupted, it is done again at the next start.
 */
export async function holdRestoredLists({
  db,
  dataFolder,
  nowMs,
  logger,
}: RestoredListsParts): Promise<void> {
  const path = join(dataFolder, restoredFile);
  const said = await read(path);
  if (said === undefined) return;
  const at = new Date(nowMs()).toISOString();
  await db.transaction().execute(async (tx) => {
    const { position, hash } = await headOf(tx);
    const isWhole = said?.head?.position === position && said.head.hash === hash;
    const held = isWhole ? [] : await entriesOfAll(tx);
    for (const entry of held) await hold(tx, entry, at);
    const passes = isWhole ? 0 : await holdPasses(tx, at);
    await append(tx, {
      ...{ at, actor: 'system' as const, site: null, subject: null, reason: null, outcome: 'done' as const },
      ...{ action: 'lists_restored' as const },
      details: { madeAt: said?.madeAt ?? null, head: isWhole, held: held.length, passes },
    });
    logger.warn({ held: held.length, passes, isWhole }, 'lists and passes of a backup');
  });
  await rm(path, { force: true });
}

/** Entries of every site in the database, whether it runs here or not. */
async function entriesOfAll(tx: Queryable): Promise<readonly StoredEntry[]> {
  const rows = await tx.selectFrom('list_entry').select('site').distinct().execute();
  const sites = rows.map(({ site }): SiteId => siteIdSchema.parse(site));
  const found = await Promise.all(sites.map((site) => entriesIn(tx, site, ['active', 'proposed'])));
  return found.flat();
}

async function hold(tx: Queryable, before: StoredEntry, at: string): Promise<void> {
  const { site, id } = before;
  const version = before.version + 1;
  await updateEntry(tx, { ...before, version, updatedAt: at, state: 'draft', approvals: [] });
  const states = { from_state: before.state, to_state: 'draft' };
  await insertRows(tx, 'list_change', [
    { site, entry: id, version, at, actor: 'system', what: 'restore', ...states },
  ]);
  await append(tx, {
    ...{ at, actor: 'system' as const, site, action: 'list_entry_edited' as const, reason: null },
    ...{ outcome: 'done' as const, subject: { kind: 'entry', id } },
    details: { what: 'restore', from: before.state, to: 'draft', version, voided: before.approvals.length },
  });
}

/** undefined where nothing was restored; null for a file that cannot be read, which counts as one. */
async function read(path: string): Promise<RestoredFile | null | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? undefined : null;
  }
  try {
    return restoredFileSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
