import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditDetails } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type AuditNote, auditNoteSchema, auditNotesFolder } from '@watchpost/contracts/lists';
import { replaceFile } from '@watchpost/service';

/** What is done at the server’s computer, past the server. */
export interface NotedWork<T> {
  readonly note: Pick<AuditNote, 'site' | 'action' | 'subject' | 'details'>;
  readonly work: () => Promise<T>;
  /** What is known only afterwards. */
  readonly learnt?: (result: T) => AuditDetails;
  /**
   * What must be done even if it cannot be written down, as putting out a stolen gateway: told why. Without
   * it what cannot be written down is not done.
   */
  readonly unnoted?: (error: unknown) => void;
}

/**
 * Leaves a note for the audit log of the server with this data folder.
 * @throws WatchpostError `config.data_folder`
 */
export async function leaveNote(
  dataFolder: string,
  note: Omit<AuditNote, 'version' | 'at'>,
  nowMs: number,
  order = 0,
): Promise<void> {
  const at = new Date(nowMs).toISOString();
  const folder = join(dataFolder, auditNotesFolder);
  const text = JSON.stringify(auditNoteSchema.parse({ version: 1, at, ...note }));
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // By name in the order in which they were left.
    await replaceFile(join(folder, `${at.replaceAll(/\D/g, '')}-${order}-${randomUUID()}.json`), text);
  } catch (cause) {
    throw new WatchpostError('config.data_folder', { path: folder, cause });
  }
}

/**
 * Does something that belongs into the audit log, which the server keeps: it is noted before it is begun and
 * once more with what came of it, as `auditedChange` of alerting does.
 * @throws WatchpostError what `work` throws, and `config.data_folder`
 */
export async function notedWork<T>(
  dataFolder: string,
  { note, work, learnt, unnoted }: NotedWork<T>,
  nowMs: () => number,
): Promise<T> {
  const leave = async (order: number, outcome: AuditNote['outcome'], more: AuditDetails) => {
    const details = { ...note.details, ...more };
    await leaveNote(dataFolder, { ...note, outcome, details }, nowMs(), order).catch((error: unknown) => {
      if (!unnoted) throw error;
      unnoted(error);
    });
  };
  await leave(0, 'done', { step: 'begun' });
  let result: T;
  try {
    result = await work();
  } catch (error) {
    const code = error instanceof WatchpostError ? error.code : 'api.internal';
    await leave(1, 'refused', { step: 'failed', code });
    throw error;
  }
  await leave(1, 'done', { step: 'finished', ...learnt?.(result) });
  return result;
}
