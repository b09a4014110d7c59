import type { SecretReader } from '../notify/secrets.ts';
import { Undelivered } from '../notify/undelivered.ts';

/** Secrets that a test may change. */
export const testSecrets =
  (secrets: Readonly<Record<string, string>>): SecretReader =>
  (name) => {
    const found = secrets[name];
    if (found === undefined) throw new Undelivered({ outcome: 'refused', code: 'notify.secret' });
    return found;
  };
