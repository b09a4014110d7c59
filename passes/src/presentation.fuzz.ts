import { createRandom, damage } from '@watchpost/service/testing/damage';
import { describe, expect, it } from 'vitest';
import { decodeBase45, encodeBase45 } from './base45.ts';
import { generateHolderKey, presentPass } from './holder-proof.ts';
import { generateIssuerKey, publicPart } from './issuer-key.ts';
import { issuePass, verifyPass } from './pass.ts';
import { issuePlate, verifyPlate } from './plate.ts';
import { issueRevocationList, verifyRevocationList } from './revocation-list.ts';

const runs = Number(process.env.WATCHPOST_FUZZ_RUNS ?? 100_000);
const key = generateIssuerKey();
const keys = [publicPart(key)];
const now = 1_800_000_000_000;
const same = (a: Uint8Array, b: Uint8Array) => Buffer.from(a).equals(b);

describe(`${runs} damaged inputs each`, () => {
  it('are never an accepted presentation', () => {
    const holder = generateHolderKey();
    const claims = { iss: 'lodge', jti: 'visit-1', aud: ['gate'], nbf: 1, exp: 9_000_000_000, maxUses: 1 };
    const shown = presentPass(issuePass({ ...claims, cnf: holder.publicKey }, key), holder, now);
    const bytes = decodeBase45(shown.slice(4)) ?? new Uint8Array();
    const random = createRandom(1);
    for (let i = 0; i < runs; i++) {
      const input = damage(bytes, random);
      const { outcome } = verifyPass(`WPH:${encodeBase45(input)}`, { keys, audience: 'gate', now });
      if (outcome !== (same(input, bytes) ? 'accepted' : 'rejected')) expect(outcome).toBe('the other');
    }
  });

  it('are never an accepted list of withdrawn passes', () => {
    const list = issueRevocationList(
      { iss: 'lodge', sequence: 1, issued: 1, expires: 9e9, revoked: ['a', 'b'] },
      key,
    );
    const bytes = decodeBase45(list.slice(4)) ?? new Uint8Array();
    const random = createRandom(2);
    for (let i = 0; i < runs; i++) {
      const input = damage(bytes, random);
      const { outcome } = verifyRevocationList(`WPR:${encodeBase45(input)}`, { keys, now });
      if (outcome !== (same(input, bytes) ? 'accepted' : 'rejected')) expect(outcome).toBe('the other');
    }
  });

  it('are never an accepted plate', () => {
    const plate = Buffer.from(issuePlate({ domain: 'plates.example', id: 'unit-00017' }, key));
    const random = createRandom(3);
    for (let i = 0; i < runs; i++) {
      const input = damage(plate, random);
      const { outcome } = verifyPlate(Buffer.from(input).toString('latin1'), { keys });
      if (outcome !== (same(input, plate) ? 'accepted' : 'rejected')) expect(outcome).toBe('the other');
    }
  });
});
