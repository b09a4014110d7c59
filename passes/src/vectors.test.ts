import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decode, encode, Tagged } from 'cborg';
import { describe, expect, it } from 'vitest';
import { presentPass } from './holder-proof.ts';
import { publicPart } from './issuer-key.ts';
import { verifyPass } from './pass.ts';
import { issuePlate, verifyPlate } from './plate.ts';
import { issueRevocationList, type RevocationList, verifyRevocationList } from './revocation-list.ts';
import type { IssuerKey } from './verdict.ts';

interface Rejected {
  readonly name: string;
  readonly text: string;
  readonly now: number;
  readonly audience: string;
  readonly revoked?: string[];
  readonly newest?: number;
  readonly reason: string;
}
const vectors: {
  readonly key: IssuerKey;
  readonly passes: { readonly name: string; readonly text: string }[];
  readonly presentations: {
    readonly pass: string;
    readonly now: number;
    readonly window: number;
    readonly text: string;
  }[];
  readonly revocations: { readonly list: RevocationList; readonly text: string }[];
  readonly plates: { readonly domain: string; readonly id: string; readonly text: string }[];
  readonly rejected: Rejected[];
  readonly rejectedRevocations: Rejected[];
  readonly rejectedPlates: Rejected[];
} = JSON.parse(readFileSync(new URL('./vectors.fixture.json', import.meta.url), 'utf8'));
const { key } = vectors;
const keys = [publicPart(key)];

describe('the test vectors', () => {
  it('of presentations, lists and plates are what we make, and are accepted', () => {
    const holder = { publicKey: new Uint8Array(), privateKey: key.privateKey };
    for (const { pass, now, window, text } of vectors.presentations) {
      const bare = vectors.passes.find(({ name }) => name === pass)!.text;
      expect(presentPass(bare, holder, now * 1000)).toBe(text);
      const verdict = verifyPass(text, { keys, audience: 'gate-north', now: now * 1000 });
      expect(verdict).toMatchObject({ outcome: 'accepted', proof: window });
    }
    for (const { list, text } of vectors.revocations) {
      expect(issueRevocationList(list, key)).toBe(text);
      expect(verifyRevocationList(text, { keys, now: list.issued * 1000 })).toMatchObject({
        outcome: 'accepted',
        list,
      });
    }
    for (const { domain, id, text } of vectors.plates) {
      expect(issuePlate({ domain, id }, key)).toBe(text);
      expect(verifyPlate(text, { keys })).toEqual({ outcome: 'accepted', kid: key.kid, domain, id });
    }
  });

  it.each(vectors.rejected)('are rejected: $name', ({ text, now, audience, revoked, reason }) => {
    const options = { keys, audience, now: now * 1000, revoked: new Set(revoked) };
    expect(verifyPass(text, options)).toMatchObject({ outcome: 'rejected', reason });
  });

  it.each(vectors.rejectedRevocations)(
    'of lists are rejected: $name',
    ({ text, now, newest = 0, reason }) => {
      expect(verifyRevocationList(text, { keys, now: now * 1000, newest })).toEqual({
        outcome: 'rejected',
        reason,
      });
    },
  );

  it.each(vectors.rejectedPlates)('of plates are rejected: $name', ({ text, reason }) => {
    expect(verifyPlate(text, { keys })).toEqual({ outcome: 'rejected', reason });
  });

  it('verify with nothing of ours but their description', () => {
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: key.publicKey },
      format: 'jwk',
    });
    const sign1 = (bytes: Uint8Array, external: string) => {
      const { value } = decode(bytes, { useMaps: true, tags: Tagged.preserve(18) }) as {
        value: Uint8Array[];
      };
      const [header, , payload, signature] = value as [Uint8Array, unknown, Uint8Array, Uint8Array];
      const signed = encode(['Signature1', header, Buffer.from(external), payload]);
      return verify(null, signed, publicKey, signature);
    };
    for (const { text } of vectors.passes) expect(sign1(base45(text.slice(4)), '')).toBe(true);
    for (const { text } of vectors.revocations)
      expect(sign1(base45(text.slice(4)), 'watchpost revocations')).toBe(true);
    for (const { text } of vectors.presentations) {
      const [pass, window, signature] = decode(base45(text.slice(4))) as [Uint8Array, number, Uint8Array];
      const hash = createHash('sha256').update(pass).digest();
      expect(verify(null, encode(['watchpost holder proof', hash, window]), publicKey, signature)).toBe(true);
      expect(sign1(pass, '')).toBe(true);
    }
    for (const { text } of vectors.plates) {
      const [signed = '', signature = ''] = text.split('&s=');
      const message = Buffer.from(`watchpost plate\n${signed}`);
      expect(verify(null, message, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
    }
  });
});

/** Written from RFC 9285 alone. */
function base45(text: string): Buffer {
  const digits = [...text].map((character) =>
    '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'.indexOf(character),
  );
  const bytes: number[] = [];
  for (let i = 0; i < digits.length; i += 3) {
    const [a = 0, b = 0, c] = digits.slice(i, i + 3);
    const n = a + 45 * b + 2025 * (c ?? 0);
    if (c !== undefined) bytes.push(Math.floor(n / 256));
    bytes.push(n % 256);
  }
  return Buffer.from(bytes);
}
