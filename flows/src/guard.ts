import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The header that proves that a request came through the log-in. */
export const secretHeader = 'x-watchpost-flows-secret';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Cookies of Watchpost, whatever their port and prefix. */
const isOwnCookie = (pair: string): boolean => /^\s*(__Host-|__Secure-)?wp_/i.test(pair);

const withoutOwnCookies = (header: string): string =>
  header
    .split(';')
    .filter((pair) => !isOwnCookie(pair))
    .join(';')
    .trim();

/**
 * Takes every cookie of Watchpost out of a request before any node sees it; whoever stands before this
 * process should have.
 */
function dropOwnCookies({ headers, rawHeaders }: IncomingMessage): void {
  if (headers.cookie === undefined) return;
  const rest = withoutOwnCookies(headers.cookie);
  if (rest === '') delete headers.cookie;
  else headers.cookie = rest;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.toLowerCase() === 'cookie')
      rawHeaders[index + 1] = withoutOwnCookies(rawHeaders[index + 1] ?? '');
}

/**
 * Whether the request carries the secret (compared in constant time). Takes the header and the cookies of
 * Watchpost out of the request, so that no flow ever sees them.
 */
export function secretGuard(secret: string): (request: IncomingMessage) => boolean {
  const expected = digest(secret);
  return (request) => {
    const given = request.headers[secretHeader];
    dropOwnCookies(request);
    delete request.headers[secretHeader];
    const raw = request.rawHeaders;
    for (let index = raw.length - 2; index >= 0; index -= 2) {
      if (raw[index]?.toLowerCase() === secretHeader) raw.splice(index, 2);
    }
    return typeof given === 'string' && timingSafeEqual(expected, digest(given));
  };
}

/**
 * Installing and removing palette modules runs code from elsewhere: refused even for those who are logged in.
 */
export function changesPalette(method: string | undefined, path: string): boolean {
  return (method === 'POST' || method === 'DELETE') && /^\/flows\/+nodes(\/|$)/i.test(path);
}
