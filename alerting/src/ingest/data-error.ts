const uniqueViolation = '23505';

/**
 * Whether PostgreSQL refused the content itself, so that trying again cannot help: data exceptions (class 22),
 * integrity violations (23), program limits (54) (PostgreSQL documentation, appendix A). A serialisation failure or a
 * lost connection is not one, nor is a unique violation: no content brings one about, only another service that opened
 * the same alert a moment earlier, and the next attempt finds that.
 */
export function isDataError(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return error.code !== uniqueViolation && /^(22|23|54)[0-9A-Z]{3}$/.test(error.code);
}
