import { createHash, randomBytes } from 'node:crypto';

/** Who asks. */
export interface HttpUser {
  readonly user: string;
  readonly password: string;
}

/**
 * The answer to a `WWW-Authenticate` of a camera: Digest (RFC 7616: MD5, SHA-256, with or without `qop`)
 * where it is offered, otherwise Basic.
 * @returns the value of `Authorization`; undefined when nothing that is offered is known
 */
export function authorizationFor(
  challenges: string,
  method: string,
  uri: string,
  { user, password }: HttpUser,
): string | undefined {
  const digest = /digest\s+(.*)/is.exec(challenges)?.[1];
  if (digest !== undefined) return digestFor(digest, method, uri, { user, password });
  if (!/basic/i.test(challenges)) return undefined;
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function digestFor(challenge: string, method: string, uri: string, { user, password }: HttpUser): string {
  const said = (name: string) =>
    new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|([^\\s,]+))`, 'i').exec(challenge);
  const value = (name: string) => said(name)?.[1] ?? said(name)?.[2] ?? '';
  const algorithm = value('algorithm') || 'MD5';
  const name = /^sha-256/i.test(algorithm) ? 'sha256' : 'md5';
  const hash = (text: string) => createHash(name).update(text).digest('hex');
  const [realm, nonce, opaque] = [value('realm'), value('nonce'), value('opaque')];
  const cnonce = randomBytes(8).toString('hex');
  const first = hash(`${user}:${realm}:${password}`);
  const secret = /-sess$/i.test(algorithm) ? hash(`${first}:${nonce}:${cnonce}`) : first;
  const asked = hash(`${method}:${uri}`);
  const withQop = /\bauth\b/.test(value('qop'));
  const count = '00000001';
  const response = withQop
    ? hash(`${secret}:${nonce}:${count}:${cnonce}:auth:${asked}`)
    : hash(`${secret}:${nonce}:${asked}`);
  const quoted = (key: string, text: string) => `${key}="${text.replace(/["\\]/g, '\\$&')}"`;
  return `Digest ${[
    quoted('username', user),
    quoted('realm', realm),
    quoted('nonce', nonce),
    quoted('uri', uri),
    quoted('response', response),
    `algorithm=${algorithm}`,
    ...(withQop ? ['qop=auth', `nc=${count}`, quoted('cnonce', cnonce)] : []),
    ...(opaque ? [quoted('opaque', opaque)] : []),
  ].join(', ')}`;
}
