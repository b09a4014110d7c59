import { createHash } from 'node:crypto';

/** What names a session to the broker: it cannot be turned back into the hash of its token. */
export const sessionIdOf = (tokenHash: string): string =>
  createHash('sha256').update(`session ${tokenHash}`).digest('base64url').slice(0, 22);
