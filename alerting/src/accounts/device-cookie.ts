import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Proof that a browser succeeded on an account before: `{id}.{seconds since the epoch}.{signature}`. It opens
 * nothing; it only keeps the browser out of the line of strangers.
 */
export class DeviceCookies {
  readonly #key: Buffer;
  readonly #lifeMs: number;

  constructor(key: Buffer, lifeMs: number) {
    this.#key = key;
    this.#lifeMs = lifeMs;
  }

  /** A cookie for a browser that just succeeded; `id` keeps what it was known as. */
  issue(account: string, nowMs: number, id: string = randomBytes(16).toString('base64url')): string {
    const body = `${id}.${Math.floor(nowMs / 1000)}`;
    return `${body}.${this.#sign(account, body)}`;
  }

  /** The id of the browser, when the cookie is ours, for this account, and not too old. */
  read(account: string, cookie: string | undefined, nowMs: number): string | undefined {
    const [id = '', seconds = '', signature = ''] = (cookie ?? '').split('.');
    const given = Buffer.from(signature);
    const wanted = Buffer.from(this.#sign(account, `${id}.${seconds}`));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    return nowMs - Number(seconds) * 1000 < this.#lifeMs ? id : undefined;
  }

  #sign(account: string, body: string): string {
    return createHmac('sha256', this.#key).update(`${body}.${account}`).digest('base64url');
  }
}
