import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '@watchpost/contracts/api';
import type { Sessions } from '../../accounts/sessions.ts';

interface FlowsSession {
  /** Hash of the console’s session. */
  readonly session: string;
  readonly role: Role;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/**
 * Sessions at Node-RED’s proxy: each hangs on a session of the console and the role it had, and ends with
 * either. Kept in memory: after a restart browsers are handed over again.
 */
export class FlowsSessions {
  readonly #console: Sessions;
  readonly #open = new Map<string, FlowsSession>();

  constructor(console: Sessions) {
    this.#console = console;
  }

  /** A token for a browser that was handed over, if the session may still use Node-RED. */
  async open(session: string): Promise<string | undefined> {
    const found = await this.#console.findByHash(session);
    if (!found?.permissions.includes('flows.use')) return undefined;
    const token = randomBytes(32).toString('base64url');
    const key = digest(token);
    this.#open.set(key, { session, role: found.role });
    this.#console.watch(session, () => this.#open.delete(key));
    return token;
  }

  /** The hash of the console’s session behind a token, while that session is good and its role the same. */
  async find(token: string): Promise<string | undefined> {
    const known = this.#open.get(digest(token));
    if (!known) return undefined;
    const session = await this.#console.findByHash(known.session);
    if (session?.role === known.role && session.permissions.includes('flows.use')) return known.session;
    this.#open.delete(digest(token));
    return undefined;
  }

  /** Calls `ended` when the session behind a token ends. */
  watch(session: string, ended: () => void): () => void {
    return this.#console.watch(session, ended);
  }
}
