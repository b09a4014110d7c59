import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { oidcPolicy } from '../policy.ts';

const text = z.string().min(16).max(256);
const stepSchema = z.strictObject({ state: text, nonce: text, verifier: text });
const sealedSchema = z.strictObject({ ...stepSchema.shape, untilMs: z.number().int() });

/** What a log-in that begins at the provider must come back with. */
export type OidcStep = z.output<typeof stepSchema>;

/**
 * The step in a cookie of the browser that began it, signed, for a few minutes: a link that somebody else
 * began logs nobody in. Each is good once.
 */
export class OidcSteps {
  readonly #key: Buffer;
  readonly #nowMs: () => number;
  /** Until when each used state would have been good. */
  readonly #used = new Map<string, number>();

  constructor(key: Buffer, nowMs: () => number) {
    this.#key = key;
    this.#nowMs = nowMs;
  }

  seal(step: OidcStep): string {
    const content = { ...step, untilMs: this.#nowMs() + oidcPolicy.stepMs };
    const body = Buffer.from(JSON.stringify(content)).toString('base64url');
    return `${body}.${this.#sign(body)}`;
  }

  /** The step of a cookie, once; undefined for one that is not ours, too old, or used. */
  take(cookie: string | undefined): OidcStep | undefined {
    const [body = '', signature = ''] = (cookie ?? '').split('.');
    const [given, wanted] = [Buffer.from(signature), Buffer.from(this.#sign(body))];
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    const { untilMs, ...step } = sealedSchema.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
    if (this.#nowMs() >= untilMs || this.#used.has(step.state)) return undefined;
    this.#use(step.state, untilMs);
    return step;
  }

  #use(state: string, untilMs: number): void {
    for (const [old, endedMs] of this.#used) if (endedMs <= this.#nowMs()) this.#used.delete(old);
    this.#used.set(state, untilMs);
    for (const oldest of this.#used.keys()) {
      if (this.#used.size <= oidcPolicy.usedAtMost) break;
      this.#used.delete(oldest);
    }
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#key).update(body).digest('base64url');
  }
}
