import type { ErrorCode } from '@watchpost/contracts/errors';

const uniqueViolation = '23505';

/**
 * Whether PostgreSQL refused the content itself, so that trying again cannot help: data exceptions (class
 * 22), integrity violations (23), program limits (54) (PostgreSQL documentation, appendix A). A serialisation
 * failure or a lost connection is not one, nor is a unique violation: no content brings one about, only
 * another service that opened the same alert a moment earlier, and the next attempt finds that.
 */
export function isDataError(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return error.code !== uniqueViolation && /^(22|23|54)[0-9A-Z]{3}$/.test(error.code);
}

/** Codes of faults of the database itself. */
export type StoreFault = Extract<
  ErrorCode,
  'store.disk_full' | 'store.statement_timeout' | 'store.unreachable'
>;

/**
 * What is wrong with the database itself, as a code of the registry; undefined when an error names nothing of
 * the kind. Connection exceptions (08), resources (53; 53100 is a full disk), operator intervention (57),
 * system errors (58), and what the network says.
 */
export function storeFault(error: unknown): StoreFault | undefined {
  const {
    code,
    message = '',
    cause,
  } = (error ?? {}) as { code?: unknown; message?: string; cause?: unknown };
  if (code === '53100' || code === 'ENOSPC' || /no space left on device/i.test(message))
    return 'store.disk_full';
  if (code === 'store.statement_timeout') return code;
  if (typeof code === 'string' && /^(08|25|40|53|55|57|58)[0-9A-Z]{3}$|^E[A-Z]+$/.test(code))
    return 'store.unreachable';
  if (/connection|terminated|timeout|not queryable|closed/i.test(message)) return 'store.unreachable';
  return cause === undefined ? undefined : storeFault(cause);
}
