import { createRandom, damage } from '@watchpost/service/testing/damage';
import { describe, expect, it } from 'vitest';
import { decodeBase45, encodeBase45 } from './base45.ts';
import { decodeCbor, decodeSign1 } from './cose-sign1.ts';
import { generateIssuerKey, publicPart } from './issuer-key.ts';
import { issuePass, verifyPass } from './pass.ts';
import { issuePlate, verifyPlate } from './plate.ts';
import { issueRevocationList, verifyRevocationList } from './revocation-list.ts';

const runs = Number(process.env.WATCHPOST_FUZZ_RUNS ?? 100_000);
const random = createRandom(20_260_102);
const key = generateIssuerKey();
const keys = [publicPart(key)];
const claims = { iss: 'lodge', jti: 'visit-1', aud: ['gate'], nbf: 1, exp: 9_000_000_000, maxUses: 1 };
const now = 1_800_000_000_000;

function each(of: readonly Uint8Array[], check: (input: Uint8Array, original: Uint8Array) => void): void {
  for (let i = 0; i < runs; i++) {
    const original = of[i % of.length] ?? new Uint8Array();
    check(damage(original, random), original);
  }
}

describe(`${runs} damaged inputs`, () => {
  it('are never an accepted pass', () => {
    const bytes = decodeBase45(issuePass(claims, key).slice(4)) ?? new Uint8Array();
    each([bytes], (input, original) => {
      const { outcome } = verifyPass(`WP1:${encodeBase45(input)}`, { keys, audience: 'gate', now });
      expect(outcome).toBe(Buffer.from(input).equals(original) ? 'accepted' : 'rejected');
      verifyPass(`WPH:${encodeBase45(input)}`, { keys, audience: 'gate', now });
    });
  });

  it('are never an accepted plate or revocation list', () => {
    const plate = Buffer.from(issuePlate({ domain: 'plates.example', id: 'unit-00017' }, key));
    const list = Buffer.from(
      issueRevocationList({ iss: 'lodge', sequence: 1, issued: 1, expires: 9e9, revoked: ['a'] }, key),
    );
    each([plate, list], (input, original) => {
      if (Buffer.from(input).equals(original)) return;
      const text = Buffer.from(input).toString('latin1');
      expect(verifyPlate(text, { keys }).outcome).toBe('rejected');
      expect(verifyRevocationList(text, { keys, now }).outcome).toBe('rejected');
    });
  });

  it('leave CBOR, COSE and Base45 decoders standing', () => {
    const bytes = decodeBase45(issuePass(claims, key).slice(4)) ?? new Uint8Array();
    each(
      [bytes, Uint8Array.of(0xa1, 1, 0x5f), Uint8Array.of(0x9b, 255, 255, 255, 255, 255, 255, 255, 255)],
      (input) => {
        decodeCbor(input);
        decodeSign1(input);
        decodeBase45(Buffer.from(input).toString('latin1'));
      },
    );
  });
});
