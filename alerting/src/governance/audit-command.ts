import type { AuditEntry } from '@watchpost/contracts/api';
import { parseWith } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { z } from 'zod';
import { openStore, type StoreOptions } from '../store/open-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { ChainPoint } from './audit-chain.ts';
import { anchorOf, append, entriesAfter } from './audit-log.ts';
import { auditPolicy } from './policy.ts';

/** What `watchpost audit …` asks of who has the database: a part of the log, or that its export is noted. */
export const auditCommandSchema = z.strictObject({
  command: z.literal('audit'),
  /** Entries after this position; 0: from the anchor on. */
  after: z.number().int().min(0),
  /** That the log is exported is an entry of it, the last that the export holds. */
  note: z.boolean(),
});
export type AuditCommand = z.infer<typeof auditCommandSchema>;

/** Entries next to each other, as they are stored; none at the end. */
export interface AuditPart {
  /** What stands before the first entry of all that are left. */
  readonly anchor: ChainPoint;
  readonly entries: readonly AuditEntry[];
}

/** Whether a local request is about the audit log. */
export const isAuditCommand = (request: unknown): boolean =>
  typeof request === 'object' && request !== null && 'command' in request && request.command === 'audit';

/** Answers one. @throws WatchpostError `api.invalid` */
export async function runAuditCommand(
  request: unknown,
  { db, nowMs }: { readonly db: Queryable; readonly nowMs: () => number },
): Promise<AuditPart> {
  const { after, note } = parseWith(auditCommandSchema, request, 'api.invalid');
  if (note)
    await append(db, {
      ...{ at: new Date(nowMs()).toISOString(), actor: 'server console', site: null, reason: null },
      ...{ action: 'audit_exported', subject: null, outcome: 'done', details: {} },
    });
  const anchor = await anchorOf(db);
  const from = Math.max(after, anchor.position);
  return { anchor, entries: await entriesAfter(db, from, auditPolicy.pageEntries) };
}

/**
 * Answers on a database that nobody else has open, until `work` is done.
 * @throws WatchpostError `config.data_folder`, `store.*`
 */
export async function onAuditStore<T>(
  options: StoreOptions,
  around: { readonly logger: Logger; readonly nowMs: () => number },
  work: (ask: (command: AuditCommand) => Promise<AuditPart>) => Promise<T>,
): Promise<T> {
  const store = await openStore(options, around.logger);
  try {
    return await work((command) => runAuditCommand(command, { db: store.db, nowMs: around.nowMs }));
  } finally {
    await store.close();
  }
}
