import { createHmac, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { SignJWT } from 'jose/jwt/sign';
import { describe, expect, test } from 'vitest';
import {
  issueToken,
  newTokenKey,
  publicTokenKey,
  type TokenOrder,
  type TokenSigningKey,
} from './issue-token.ts';
import { tokensSchema } from './token-config.ts';
import { TokenVerifier } from './token-verifier.ts';

const now = Date.UTC(2026, 5, 1);
const nowS = now / 1000;
const key = newTokenKey({ kid: 'k1' });
const next = newTokenKey({ kid: 'k2', kinds: ['officer'] });
const config = (keys: object[] = [publicTokenKey(key), publicTokenKey(next)]) =>
  tokensSchema.parse({ site: 'demo', keys });
const verifier = new TokenVerifier(config());
const order: TokenOrder = {
  site: 'demo',
  issuer: 'watchpost',
  kind: 'integrator',
  subject: 'lift-panel',
  lifeSeconds: 600,
};

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const verify = (token: string, at = now, by = verifier) => by.verify(Buffer.from(token), at);
const privateKey = (of: TokenSigningKey) => {
  const { kty, crv, x, d } = of;
  return createPrivateKey({ key: { kty, crv, x, d }, format: 'jwk' });
};
const header = { alg: 'EdDSA', kid: 'k1', typ: 'wp+jwt' };
const claims = {
  iss: 'watchpost',
  sub: 'lift-panel',
  aud: 'watchpost:demo',
  iat: nowS,
  nbf: nowS,
  exp: nowS + 600,
  jti: 'j1',
  kind: 'integrator',
};
/** Signed with the right key, whatever it says. */
const signed = (changedClaims: object = {}, changedHeader: object = {}) => {
  const text = `${base64url({ ...header, ...changedHeader })}.${base64url({ ...claims, ...changedClaims })}`;
  return `${text}.${sign(null, Buffer.from(text), privateKey(key)).toString('base64url')}`;
};

describe('a good token', () => {
  test('says who comes, and until when', async () => {
    const verified = await verify(
      await issueToken({ ...order, scope: { subscribe: ['wp/1/demo/+/up'] } }, key, now),
    );
    expect(verified).toMatchObject({
      principal: {
        kind: 'integrator',
        name: 'lift-panel',
        site: 'demo',
        scope: { subscribe: ['wp/1/demo/+/up'] },
      },
      credential: { type: 'token', key: 'k1', subject: 'lift-panel', expiresAtMs: now + 600_000 },
    });
    expect(verified).not.toHaveProperty('principal.gateway');
  });

  test('of a gateway makes that gateway and no other', async () => {
    const token = await issueToken({ ...order, kind: 'gateway', subject: 'gw1' }, key, now);
    expect(await verify(token)).toMatchObject({
      principal: { kind: 'gateway', gateway: 'gw1', name: 'gw1' },
    });
  });

  test('what the tests sign by hand is good too, so that their faults are the ones they name', async () => {
    expect(await verify(signed())).toHaveProperty('principal');
  });
});

describe('keys', () => {
  test('two are good at once while one replaces the other, each in its time', async () => {
    const at = (ms: number) => new Date(now + ms).toISOString();
    const rotating = new TokenVerifier(
      config([
        { ...publicTokenKey(key), until: at(60_000) },
        { ...publicTokenKey(next), kinds: undefined, from: at(30_000) },
      ]),
    );
    const [old, fresh] = [await issueToken(order, key, now), await issueToken(order, next, now)];
    expect(await verify(old, now, rotating)).toHaveProperty('principal');
    expect(await verify(fresh, now, rotating)).toEqual({ fault: 'unknown_key' });
    for (const token of [old, fresh])
      expect(await verify(token, now + 45_000, rotating)).toHaveProperty('principal');
    expect(await verify(old, now + 60_000, rotating)).toEqual({ fault: 'unknown_key' });
    expect(rotating.stillUses('k1', key.x, order.site, now)).toBe(true);
    expect(rotating.stillUses('k1', key.x, order.site, now + 60_000)).toBe(false);
    expect(rotating.stillUses('k1', next.x, order.site, now)).toBe(false);
  });

  test('one that vouches for officers makes no gateway', async () => {
    expect(await verify(await issueToken({ ...order, kind: 'officer' }, next, now))).toHaveProperty(
      'principal',
    );
    expect(await verify(await issueToken({ ...order, kind: 'gateway', subject: 'gw1' }, next, now))).toEqual({
      fault: 'kind',
    });
  });

  test.each([
    ['a private key', { ...publicTokenKey(key), d: key.d }],
    ['another curve', { ...publicTokenKey(key), crv: 'X25519' }],
    ['another algorithm', { ...publicTokenKey(key), alg: 'ES256' }],
    ['a short key', { ...publicTokenKey(key), x: 'AAAA' }],
  ])('the configuration refuses %s', (_name, bad) => {
    expect(tokensSchema.safeParse({ site: 'demo', keys: [bad] }).success).toBe(false);
    expect(
      tokensSchema.safeParse({ site: 'demo', keys: [publicTokenKey(key), publicTokenKey(key)] }).success,
    ).toBe(false);
  });
});

describe('a bad token', () => {
  const { x } = publicTokenKey(key);
  const hs256 = (changedHeader: object) => {
    const text = `${base64url({ ...header, ...changedHeader })}.${base64url(claims)}`;
    return `${text}.${createHmac('sha256', Buffer.from(x, 'base64url')).update(text).digest('base64url')}`;
  };
  const stranger = newTokenKey({ kid: 'k1' });
  const es256 = async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return new SignJWT(claims).setProtectedHeader({ ...header, alg: 'ES256' }).sign(pair.privateKey);
  };

  test.each<[string, string | Promise<string>, string]>([
    [
      'algorithm none, without a signature',
      `${base64url({ ...header, alg: 'none' })}.${base64url(claims)}.`,
      'algorithm',
    ],
    ['algorithm none, with the good signature', signed({}, { alg: 'none' }), 'algorithm'],
    ['the public key as HMAC secret', hs256({ alg: 'HS256' }), 'algorithm'],
    ['another algorithm under a known key id', es256(), 'algorithm'],
    ['no algorithm', signed({}, { alg: undefined }), 'malformed'],
    ['another type of token', signed({}, { typ: 'JWT' }), 'type'],
    ['no type', signed({}, { typ: undefined }), 'type'],
    ['an unknown key', signed({}, { kid: 'k9' }), 'unknown_key'],
    ['no key id', signed({}, { kid: undefined }), 'unknown_key'],
    ['a key of its own in the header', signed({}, { kid: 'k9', jwk: publicTokenKey(key) }), 'unknown_key'],
    ['an extension that must be understood', signed({}, { crit: ['exp'] }), 'malformed'],
    ['another key under a known id', issueToken(order, stranger, now), 'signature'],
    ['another issuer', signed({ iss: 'somebody' }), 'issuer'],
    ['another site', signed({ aud: 'watchpost:other' }), 'audience'],
    ['several sites', signed({ aud: ['watchpost:demo', 'watchpost:other'] }), 'claims'],
    ['the demo’s kind', signed({ kind: 'demo' }), 'claims'],
    ['an unknown kind', signed({ kind: 'root' }), 'claims'],
    ['a gateway called alerts', signed({ kind: 'gateway', sub: 'alerts' }), 'claims'],
    ['a name with a wildcard', signed({ kind: 'gateway', sub: '+' }), 'claims'],
    ['no id', signed({ jti: undefined }), 'claims'],
    ['no expiry', signed({ exp: undefined }), 'claims'],
    ['an expiry of text', signed({ exp: '9999999999' }), 'claims'],
    ['no subject', signed({ sub: undefined }), 'claims'],
    ['a claim we do not know', signed({ admin: true }), 'claims'],
    ['a scope that is no filter', signed({ scope: { publish: ['a/#/b'] } }), 'claims'],
    ['a scope for something else', signed({ scope: { retain: ['#'] } }), 'claims'],
    ['expired', signed({ exp: nowS }), 'expired'],
    ['expired long ago', signed({ iat: nowS - 9000, exp: nowS - 8000 }), 'expired'],
    ['not yet valid', signed({ nbf: nowS + 11 }), 'not_yet_valid'],
    ['not valid for hours', signed({ nbf: nowS + 9000 }), 'not_yet_valid'],
    ['issued in the future', signed({ iat: nowS + 11 }), 'not_yet_valid'],
    ['too long a life', signed({ exp: nowS + 30 * 86_400 + 1 }), 'life'],
    ['too long a life for a gateway', signed({ kind: 'gateway', sub: 'gw1', exp: nowS + 3601 }), 'life'],
    ['100 kB', signed({ sub: 'x'.repeat(100_000) }), 'size'],
    ['nothing', '', 'malformed'],
    ['five parts', 'a.b.c.d.e', 'malformed'],
  ])('%s', async (_name, token, fault) => {
    expect(await verify(await token)).toEqual({ fault });
  });

  test('clocks may differ by ten seconds at the beginning, and by nothing at the end', async () => {
    expect(await verify(signed({ nbf: nowS + 10, iat: nowS + 10 }))).toHaveProperty('principal');
    const token = signed();
    expect(await verify(token, now + 599_999)).toHaveProperty('principal');
    expect(await verify(token, now + 600_000)).toEqual({ fault: 'expired' });
  });

  test('no single changed character of a token passes for another', async () => {
    const good = signed({ scope: { publish: [] } });
    for (let index = 0; index < good.length; index++) {
      const other = good[index] === 'A' ? 'B' : 'A';
      const changed = `${good.slice(0, index)}${other}${good.slice(index + 1)}`;
      expect(await verify(changed), `${index}`).toHaveProperty('fault');
    }
  });

  test('one token has one spelling: neither white space, padding nor open bits make another', async () => {
    const good = signed();
    const last = good.slice(-1);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const other of alphabet.replace(last, ''))
      expect(await verify(good.slice(0, -1) + other), other).toHaveProperty('fault');
    for (const extra of [' ', '\n', '\r', '\t', '=', '\0', '\u00a0', '+', '/'])
      for (const at of [0, 5, good.indexOf('.'), good.length - 8, good.length])
        expect(await verify(good.slice(0, at) + extra + good.slice(at)), `${at}`).toEqual({
          fault: 'malformed',
        });
  });

  test('30,000 pieces of garbage are refused without an exception', async () => {
    const good = signed();
    const parts = good.split('.');
    const piece = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.constantFrom(...parts, '', 'e30', base64url(header), base64url({ alg: 'none' }), base64url(claims)),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(piece, { maxLength: 5 }).map((pieces) => Buffer.from(pieces.join('.'))),
      fc
        .tuple(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 8 }))
        .map(([at, bytes]) =>
          Buffer.concat([Buffer.from(good.slice(0, at)), bytes, Buffer.from(good.slice(at + 1))]),
        ),
    );
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        const answer = await verifier.verify(bytes, now);
        if (!('fault' in answer)) return Buffer.from(bytes).toString() === good;
        refused++;
        return true;
      }),
      { numRuns: 30_000 },
    );
    expect(refused).toBeGreaterThan(20_000);
  });
});
