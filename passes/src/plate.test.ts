import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateIssuerKey, publicPart } from './issuer-key.ts';
import { issuePlate, verifyPlate } from './plate.ts';

const key = generateIssuerKey({ kid: 'k1' });
const keys = [publicPart(key)];
const text = issuePlate({ domain: 'plates.example', id: 'unit-00017' }, key);

describe('plates', () => {
  it('are accepted as issued', () => {
    expect(verifyPlate(text, { keys, domain: 'plates.example' })).toEqual({
      outcome: 'accepted',
      kid: 'k1',
      domain: 'plates.example',
      id: 'unit-00017',
    });
  });

  it('are rejected with one character changed anywhere', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'aB9-_/?.'), (at, character) => {
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        if (changed !== text) expect(verifyPlate(changed, { keys }).outcome).toBe('rejected');
      }),
      { numRuns: 1000 },
    );
    for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz') {
      if (!text.endsWith(last))
        expect(verifyPlate(text.slice(0, -1) + last, { keys }).outcome).toBe('rejected');
    }
  });

  it('are rejected under other keys and other domains', () => {
    const stranger = publicPart(generateIssuerKey({ kid: 'k1' }));
    expect(verifyPlate(text, { keys: [] })).toEqual({ outcome: 'rejected', reason: 'pass.unknown_key' });
    expect(verifyPlate(text, { keys: [stranger] })).toEqual({
      outcome: 'rejected',
      reason: 'pass.signature',
    });
    expect(verifyPlate(text, { keys, domain: 'other.example' })).toEqual({
      outcome: 'rejected',
      reason: 'pass.malformed',
    });
  });

  it('are not issued for what would not verify', () => {
    for (const address of [
      { domain: 'Bad Domain', id: 'unit-00017' },
      { domain: 'plates.example', id: 'short' },
    ]) {
      expect(() => issuePlate(address, key)).toThrow(expect.objectContaining({ code: 'pass.malformed' }));
    }
  });
});
