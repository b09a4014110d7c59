import { readFileSync } from 'node:fs';
import { encode, Tagged } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase45, encodeBase45 } from './base45.ts';
import { encodeClaims } from './claims.ts';
import { decodeSign1, encodeSign1, protectedHeaderOf, signatureInput } from './cose-sign1.ts';
import { generateHolderKey, presentPass } from './holder-proof.ts';
import { generateIssuerKey, publicPart, signWith } from './issuer-key.ts';
import { issuePass, verifyPass } from './pass.ts';
import type { IssuerKey, PassClaims } from './verdict.ts';

interface Vector {
  readonly name: string;
  readonly claims: Omit<PassClaims, 'cnf'> & { readonly cnf?: string };
  readonly text: string;
}
const vectors: { key: IssuerKey; passes: Vector[] } = JSON.parse(
  readFileSync(new URL('./vectors.fixture.json', import.meta.url), 'utf8'),
);

const key = generateIssuerKey({ iss: 'lodge-1' });
const keys = [publicPart(key)];
const claims: PassClaims = {
  iss: 'lodge-1',
  jti: 'visit-0001',
  aud: ['gate-north'],
  addr: 'A1-S2-B3-U4',
  nbf: 1_700_000_000,
  exp: 1_700_003_600,
  maxUses: 2,
};
const good = { keys, audience: 'gate-north', now: 1_700_000_500_000 };

/** The proofs here are all made at the first moment of the pass. */
const proofOf = ({ cnf, nbf }: PassClaims) => (cnf ? { proof: Math.floor(nbf / 30) } : {});

describe('Base45', () => {
  it('gives the examples of RFC 9285 section 4.3', () => {
    for (const [text, code] of [
      ['AB', 'BB8'],
      ['Hello!!', '%69 VD92EX0'],
      ['base-45', 'UJCLQE7W581'],
      ['ietf!', 'QED8WEX0'],
    ]) {
      expect(encodeBase45(Buffer.from(text!))).toBe(code);
      expect(Buffer.from(decodeBase45(code!)!).toString()).toBe(text);
    }
  });
  it('comes back for any bytes and refuses what no encoder makes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeBase45(encodeBase45(bytes))).toEqual(bytes);
      }),
    );
    for (const text of ['A', 'ABCD', ':::', '::', 'aBC', 'GGW', '\u{1f600}A'])
      expect(decodeBase45(text)).toBeNull();
    fc.assert(
      fc.property(fc.string(), (text) => {
        const bytes = decodeBase45(text);
        if (bytes) expect(encodeBase45(bytes)).toBe(text);
      }),
    );
  });
});

const holder = generateHolderKey();

describe('issuePass and verifyPass', () => {
  it('agree with the test vectors', () => {
    for (const {
      text,
      claims: { cnf, ...rest },
    } of vectors.passes) {
      const wanted: PassClaims =
        cnf === undefined ? rest : { ...rest, cnf: new Uint8Array(Buffer.from(cnf, 'hex')) };
      expect(issuePass(wanted, vectors.key)).toBe(text);
      // The holder of the vectors is the issuer's test key.
      const shown =
        cnf === undefined
          ? text
          : presentPass(
              text,
              { publicKey: wanted.cnf!, privateKey: vectors.key.privateKey },
              wanted.nbf * 1000,
            );
      const verdict = verifyPass(shown, {
        keys: [publicPart(vectors.key)],
        audience: wanted.aud[0]!,
        now: wanted.nbf * 1000,
      });
      expect(verdict).toEqual({
        outcome: 'accepted',
        kid: vectors.key.kid,
        claims: wanted,
        ...proofOf(wanted),
      });
    }
  });

  it('accept what was issued, until the last millisecond', () => {
    const text = issuePass(claims, key);
    expect(verifyPass(text, good)).toEqual({ outcome: 'accepted', kid: key.kid, claims });
    expect(verifyPass(text, { ...good, now: claims.exp * 1000 - 1 })).toMatchObject({ outcome: 'accepted' });
    expect(verifyPass(text, { ...good, now: claims.nbf * 1000 })).toMatchObject({ outcome: 'accepted' });
  });

  it.each([
    ['pass.expired', { now: claims.exp * 1000 }],
    ['pass.not_yet_valid', { now: claims.nbf * 1000 - 1 }],
    ['pass.not_yet_valid', { now: Number.NaN }],
    ['pass.wrong_audience', { audience: 'gate-south' }],
    ['pass.revoked', { revoked: new Set(['visit-0001']) }],
    ['pass.unknown_key', { keys: [] }],
    ['pass.unknown_key', { keys: [{ ...publicPart(key), iss: 'lodge-2' }] }],
    ['pass.signature', { keys: [{ ...publicPart(generateIssuerKey()), kid: key.kid }] }],
    ['pass.signature', { keys: [{ ...publicPart(key), publicKey: 'AAAA' }] }],
  ])('reject with %s', (reason, change) => {
    expect(verifyPass(issuePass(claims, key), { ...good, ...change })).toMatchObject({
      outcome: 'rejected',
      reason,
    });
  });

  it('tolerate clock skew only when told to', () => {
    const text = issuePass(claims, key);
    expect(verifyPass(text, { ...good, now: claims.exp * 1000 + 5, clockSkewMs: 10 })).toMatchObject({
      outcome: 'accepted',
    });
  });

  it('come back for all claims that can be', () => {
    const name = fc.stringMatching(/^[!-~]{1,64}$/);
    const any = fc.record(
      {
        iss: name,
        jti: name,
        aud: fc.array(name, { minLength: 1, maxLength: 4 }),
        addr: name,
        nbf: fc.nat(2 ** 31),
        exp: fc.integer({ min: 2 ** 31 + 1, max: 2 ** 36 }),
        maxUses: fc.integer({ min: 1, max: 1000 }),
        cnf: fc.constant(holder.publicKey),
      },
      { requiredKeys: ['iss', 'jti', 'aud', 'nbf', 'exp', 'maxUses'] },
    );
    const anyKey = { ...good, keys: [{ kid: key.kid, alg: 'EdDSA' as const, publicKey: key.publicKey }] };
    fc.assert(
      fc.property(any, (wanted) => {
        const pass = issuePass(wanted, key);
        const verdict = verifyPass(wanted.cnf ? presentPass(pass, holder, wanted.nbf * 1000) : pass, {
          ...anyKey,
          audience: wanted.aud[0]!,
          now: wanted.nbf * 1000,
        });
        expect(verdict).toEqual({ outcome: 'accepted', kid: key.kid, claims: wanted, ...proofOf(wanted) });
      }),
    );
  });

  it('refuse claims that cannot be', () => {
    const bad = [
      { iss: '' },
      { jti: 'a b' },
      { aud: [] },
      { nbf: -1 },
      { exp: claims.nbf },
      { maxUses: 0 },
      { cnf: new Uint8Array(31) },
      { exp: 1.5 },
    ];
    for (const change of bad) {
      expect(() => issuePass({ ...claims, ...change }, key)).toThrow(
        expect.objectContaining({ code: 'pass.malformed' }),
      );
    }
  });
});

describe('a forged pass', () => {
  const text = issuePass(claims, key);
  const bytes = decodeBase45(text.slice(4))!;

  it('is rejected for every changed byte, and never throws', () => {
    for (let at = 0; at < bytes.length; at++) {
      for (const mask of [1, 0x20, 0xff]) {
        const changed = Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ mask : byte));
        expect(verifyPass(`WP1:${encodeBase45(changed)}`, good).outcome).toBe('rejected');
      }
    }
  });

  it('is rejected when cut, extended or wrapped in other encodings of the same content', () => {
    for (let length = 0; length < text.length; length++)
      expect(verifyPass(text.slice(0, length), good).outcome).toBe('rejected');
    const { protectedHeader, payload, signature } = decodeSign1(bytes)!;
    const others = [
      Buffer.concat([bytes, Buffer.of(0)]),
      encode([protectedHeader, new Map(), payload, signature]),
      encode(new Tagged(18, [protectedHeader, new Map([[9, 9]]), payload, signature])),
      encode(new Tagged(17, [protectedHeader, new Map(), payload, signature])),
      Buffer.concat([Buffer.of(0xd8, 18), bytes.subarray(1)]),
    ];
    for (const other of others) {
      expect(verifyPass(`WP1:${encodeBase45(other)}`, good)).toMatchObject({ reason: 'pass.malformed' });
    }
  });

  it('is rejected when it names another algorithm, or carries claims that nobody knows', () => {
    const sealed = (protectedHeader: Uint8Array, payload: Uint8Array) =>
      `WP1:${encodeBase45(encodeSign1({ protectedHeader, payload, signature: signWith(key, signatureInput(protectedHeader, payload)) }))}`;
    const kid = new TextEncoder().encode(key.kid);
    const none = encode(
      new Map<number, unknown>([
        [1, -7],
        [4, kid],
      ]),
    );
    expect(verifyPass(sealed(none, encodeClaims(claims)), good)).toMatchObject({ reason: 'pass.malformed' });
    const odd = encode(
      new Map<number, unknown>([
        [1, 'lodge-1'],
        [99, 'admin'],
      ]),
    );
    expect(verifyPass(sealed(protectedHeaderOf(key.kid), odd), good)).toMatchObject({
      reason: 'pass.malformed',
      kid: key.kid,
    });
    expect(verifyPass(sealed(protectedHeaderOf(key.kid), encodeClaims(claims)), good)).toMatchObject({
      outcome: 'accepted',
    });
  });

  it('made of anything at all is rejected without an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 300 }).map(encodeBase45)),
        (junk) => {
          expect(verifyPass(junk, good).outcome).toBe('rejected');
          expect(verifyPass(`WP1:${junk}`, good).outcome).toBe('rejected');
        },
      ),
      { numRuns: 2000 },
    );
    expect(verifyPass(`WP1:${'0'.repeat(100_000)}`, good)).toEqual({
      outcome: 'rejected',
      reason: 'pass.malformed',
    });
  });
});
