import type { ErrorCode } from '@watchpost/contracts/errors';

/** SQLite primary result codes: FULL. */
const fullCodes = new Set([13]);
/** PERM, READONLY, IOERR, CANTOPEN. */
const unwritableCodes = new Set([3, 8, 10, 14]);
const fullErrnos = new Set(['ENOSPC', 'EDQUOT']);
const unwritableErrnos = new Set(['EROFS', 'EACCES', 'EPERM', 'EIO']);

/** Codes that say what is wrong with the disk. */
export type DiskTrouble = Extract<ErrorCode, 'edge.disk_full' | 'edge.disk_unwritable'>;

/**
 * What an error of node:sqlite or node:fs says about the disk, as a code of the registry; null when it is
 * about something else.
 */
export function diskTrouble(error: unknown): DiskTrouble | null {
  const { errcode, code, cause } = (error ?? {}) as { errcode?: unknown; code?: unknown; cause?: unknown };
  const primary = typeof errcode === 'number' ? errcode & 0xff : -1;
  if (fullCodes.has(primary) || fullErrnos.has(String(code))) return 'edge.disk_full';
  if (unwritableCodes.has(primary) || unwritableErrnos.has(String(code))) return 'edge.disk_unwritable';
  return cause === undefined ? null : diskTrouble(cause);
}
