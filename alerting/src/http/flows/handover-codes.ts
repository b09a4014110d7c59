import { createHash, randomBytes } from 'node:crypto';
import { handoverPolicy } from '../policy.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/**
 * Codes that hand a browser over from the console to Node-RED: good once, for a minute, for the browser that
 * asked.
 */
export class HandoverCodes {
  readonly #codes = new Map<
    string,
    { readonly session: string; readonly state: string; readonly endsMs: number }
  >();
  readonly #lifeMs: number;
  readonly #nowMs: () => number;

  constructor(lifeMs: number = handoverPolicy.codeMs, nowMs: () => number = () => performance.now()) {
    this.#lifeMs = lifeMs;
    this.#nowMs = nowMs;
  }

  /** A code for the session with this hash; `state` is what the browser must show besides. */
  issue(session: string, state: string): string {
    const code = randomBytes(32).toString('base64url');
    this.#codes.set(digest(code), { session, state, endsMs: this.#nowMs() + this.#lifeMs });
    for (const oldest of this.#codes.keys()) {
      if (this.#codes.size <= handoverPolicy.codesAtMost) break;
      this.#codes.delete(oldest);
    }
    return code;
  }

  /** The session that the code stands for. Uses it up, whether it fits or not. */
  redeem(code: string, state: string): string | undefined {
    const key = digest(code);
    const found = this.#codes.get(key);
    this.#codes.delete(key);
    if (!found || found.endsMs <= this.#nowMs() || found.state !== state) return undefined;
    return found.session;
  }
}
