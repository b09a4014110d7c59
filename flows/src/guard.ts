import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The header that proves that a request came through the log-in. */
export const secretHeader = 'x-watchpost-flows-secret';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Whether the request carries the secret (compared in constant time). Takes the header out of the request, so that no
 * flow ever sees it.
 */
export function secretGuard(secret: string): (request: IncomingMessage) => boolean {
  const expected = digest(secret);
  return (request) => {
    const given = request.headers[secretHeader];
    delete request.headers[secretHeader];
    const raw = request.rawHeaders;
    for (let index = raw.length - 2; index >= 0; index -= 2) {
      if (raw[index]?.toLowerCase() === secretHeader) raw.splice(index, 2);
    }
    return typeof given === 'string' && timingSafeEqual(expected, digest(given));
  };
}

/** Installing and removing palette modules runs code from elsewhere: refused even for those who are logged in. */
export function changesPalette(method: string | undefined, path: string): boolean {
  return (method === 'POST' || method === 'DELETE') && /^\/flows\/+nodes(\/|$)/i.test(path);
}
