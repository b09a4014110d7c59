import { createHash, randomBytes } from 'node:crypto';
import { accountLinkPolicy } from './policy.ts';

/** A link as it is shown, once. */
export interface NewLink {
  /** 256 random bits. Secret: it is nowhere but here. */
  readonly token: string;
  /** RFC 3339. */
  readonly expires: string;
}

/** What is kept of a link’s secret. */
export const hashOfLink = (token: string): string =>
  createHash('sha256').update(`watchpost account link ${token}`).digest('hex');

/** A new link, good from now on, with the hash that is kept of it. */
export function newLink(nowMs: number): NewLink & { readonly tokenHash: string } {
  const token = randomBytes(32).toString('base64url');
  const expires = new Date(nowMs + accountLinkPolicy.lifeMs).toISOString();
  return { token, expires, tokenHash: hashOfLink(token) };
}
