/** The stored password of who has none: nothing that anybody types gives it. */
export const noPassword = 'none';

/** Whether a stored password is one. */
export const hasPassword = (stored: string): boolean => stored.startsWith('argon2id$');

/** What the trigger of the last administrator says (migration 014). */
export const isLastAdministrator = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'WP001';
