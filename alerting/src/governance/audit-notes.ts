import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { auditNoteSchema, auditNotesFolder } from '@watchpost/contracts/lists';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Queryable } from '../store/schema.ts';
import type { Teardown } from '../teardown.ts';
import { append } from './audit-log.ts';
import { auditPolicy } from './policy.ts';
import { holdRestoredLists } from './restored-lists.ts';

/** What {@link takeOutsideWork} needs. */
export interface OutsideWorkParts {
  readonly db: Queryable;
  /** None: nobody works past this service. */
  readonly dataFolder: string | undefined;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/**
 * Takes up what was done past the server while it did not run, first of all that it was restored; and from
 * then on what commands note for the audit log.
 */
export async function takeOutsideWork(
  { dataFolder, ...parts }: OutsideWorkParts,
  teardown: Teardown,
): Promise<void> {
  if (dataFolder === undefined) return;
  await holdRestoredLists({ ...parts, dataFolder });
  const notes = new AuditNotes({ ...parts, folder: join(dataFolder, auditNotesFolder) });
  await notes.take();
  notes.start();
  teardown.add(() => notes.stop());
}

/** What {@link AuditNotes} needs. */
export interface AuditNotesOptions extends Omit<OutsideWorkParts, 'dataFolder'> {
  /** Where they are left. */
  readonly folder: string;
  readonly everyMs?: number;
}

/**
 * Appends what commands left to the audit log, in the order in which it was left. A note goes when its entry
 * is committed, and one whose entry is there already is not appended again.
 */
export class AuditNotes {
  readonly #options: AuditNotesOptions;
  #timer: NodeJS.Timeout | undefined;
  #taking: Promise<void> = Promise.resolve();

  constructor(options: AuditNotesOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.take(), this.#options.everyMs ?? auditPolicy.notesEveryMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#taking;
  }

  /** Takes what is there. What cannot be taken now stays, and is tried again. */
  take(): Promise<void> {
    this.#taking = this.#taking.then(() => this.#takeAll());
    return this.#taking;
  }

  async #takeAll(): Promise<void> {
    const { folder, logger } = this.#options;
    try {
      for (const name of (await namesIn(folder)).toSorted()) await this.#takeOne(join(folder, name), name);
    } catch (err) {
      logger.error({ err }, 'notes for the audit log could not be taken');
    }
  }

  async #takeOne(path: string, name: string): Promise<void> {
    const { db, nowMs, logger } = this.#options;
    const note = parsed(await readFile(path, 'utf8'));
    if (!note) {
      // Kept for who looks into it; no other waits for it.
      await rename(path, `${path}.unreadable`);
      logger.error({ path }, 'a note for the audit log cannot be read');
      return;
    }
    const { at: notedAt, site, action, subject, outcome, details } = note;
    const id = name.slice(0, -'.json'.length);
    await db.transaction().execute(async (tx) => {
      const known = await tx
        .selectFrom('audit')
        .select('position')
        .where('action', '=', action)
        .where(sql<boolean>`details ->> 'note' = ${id}`)
        .executeTakeFirst();
      if (known) return;
      await append(tx, {
        ...{ at: new Date(nowMs()).toISOString(), actor: 'server console', site, action, subject, outcome },
        ...{ reason: null, details: { ...details, notedAt, note: id } },
      });
    });
    await rm(path, { force: true });
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.json'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function parsed(text: string) {
  try {
    return auditNoteSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
