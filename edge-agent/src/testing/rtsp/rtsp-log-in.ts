import { createHash } from 'node:crypto';
import type { RtspStream } from './rtsp-stream.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** The `WWW-Authenticate` of a stream. */
export function challengeOf({ auth }: RtspStream, nonce: string): string {
  if (auth === 'basic') return 'Basic realm="camera"';
  return `Digest realm="camera", nonce="${nonce}"${auth === 'digest-qop' ? ', qop="auth"' : ''}`;
}

/** Whether an `Authorization` is right (RFC 7617, RFC 2617 §3.2.2). */
export function isLoggedIn(
  { auth, user = '', password = '' }: RtspStream,
  method: string,
  given: string,
  nonce: string,
): boolean {
  if (auth === 'basic') return given === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const field = (name: string) => new RegExp(`[ ,]${name}="?([^",]*)`).exec(given)?.[1] ?? '';
  const secret = md5(`${user}:camera:${password}`);
  const asked = md5(`${method}:${field('uri')}`);
  const middle = field('qop') ? `${nonce}:${field('nc')}:${field('cnonce')}:auth` : nonce;
  return given.startsWith('Digest') && field('response') === md5(`${secret}:${middle}:${asked}`);
}
