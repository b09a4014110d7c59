import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateHolderKey, presentPass } from './holder-proof.ts';
import { generateIssuerKey, publicPart } from './issuer-key.ts';
import { createKeyRing, gateKeys, revokeKey, rotateKeys } from './key-ring.ts';
import { issuePass, verifyPass } from './pass.ts';
import { RedemptionLedger } from './redemption-ledger.ts';
import { issueRevocationList, verifyRevocationList } from './revocation-list.ts';

const claims = { iss: 'lodge-1', jti: 'visit-1', aud: ['gate'], nbf: 1000, exp: 9000, maxUses: 2 };
const now = 2_000_000;

describe('a pass that is bound to a phone', () => {
  const key = generateIssuerKey();
  const holder = generateHolderKey();
  const pass = issuePass({ ...claims, cnf: holder.publicKey }, key);
  const options = { keys: [publicPart(key)], audience: 'gate', now };

  it('is accepted with a proof of this or the neighbouring half minute only', () => {
    expect(verifyPass(presentPass(pass, holder, now), options)).toMatchObject({
      outcome: 'accepted',
      claims: { jti: 'visit-1' },
    });
    expect(verifyPass(presentPass(pass, holder, now - 30_000), options)).toMatchObject({
      outcome: 'accepted',
    });
    for (const late of [-90_000, 90_000]) {
      expect(verifyPass(presentPass(pass, holder, now + late), options)).toMatchObject({
        reason: 'pass.signature',
      });
    }
  });

  it('is rejected as a copy: bare, or with a proof of another phone', () => {
    expect(verifyPass(pass, options)).toMatchObject({ reason: 'pass.signature' });
    expect(verifyPass(presentPass(pass, generateHolderKey(), now), options)).toMatchObject({
      reason: 'pass.signature',
    });
  });

  it('never throws on garbage presentations', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF:%') }), (junk) => {
        expect(verifyPass(`WPH:${junk}`, options)).toEqual({ outcome: 'rejected', reason: 'pass.malformed' });
      }),
    );
  });
});

describe('key rotation', () => {
  it('lets old passes live until the overlap ends, and drops the key afterwards', () => {
    const first = createKeyRing({ iss: 'lodge-1' });
    const old = issuePass(claims, first.current);
    const second = rotateKeys(first, now, 1000);
    const at = (time: number, ring = second) =>
      verifyPass(old, { keys: gateKeys(ring), audience: 'gate', now: time });
    expect(at(now)).toMatchObject({ outcome: 'accepted' });
    expect(at(now + 999)).toMatchObject({ outcome: 'accepted' });
    expect(at(now + 1000)).toMatchObject({ reason: 'pass.unknown_key' });
    expect(gateKeys(rotateKeys(second, now + 2000, 1000)).map(({ kid }) => kid)).not.toContain(
      first.current.kid,
    );
    expect(
      verifyPass(issuePass(claims, second.current), { keys: gateKeys(second), audience: 'gate', now }),
    ).toMatchObject({ outcome: 'accepted' });
  });

  it('takes a leaked key out at once', () => {
    const ring = createKeyRing();
    const keys = gateKeys(revokeKey(ring));
    expect(verifyPass(issuePass(claims, ring.current), { keys, audience: 'gate', now })).toMatchObject({
      reason: 'pass.unknown_key',
    });
  });

  it('gives gates no private key', () => {
    expect(JSON.stringify(gateKeys(rotateKeys(createKeyRing(), now, 1)))).not.toContain('privateKey');
  });
});

describe('revocation lists', () => {
  const key = generateIssuerKey({ iss: 'lodge-1' });
  const keys = [publicPart(key)];
  const list = { iss: 'lodge-1', sequence: 7, issued: 1000, expires: 3000, revoked: ['visit-1', 'visit-9'] };
  const text = issueRevocationList(list, key);

  it('withdraw a pass', () => {
    const verdict = verifyRevocationList(text, { keys, now });
    expect(verdict).toMatchObject({ outcome: 'accepted', list });
    const revoked = verdict.outcome === 'accepted' ? verdict.revoked : new Set<string>();
    expect(verifyPass(issuePass(claims, key), { keys, audience: 'gate', now, revoked })).toMatchObject({
      reason: 'pass.revoked',
    });
  });

  it('are rejected when expired, forged, of an unknown key or of another issuer', () => {
    expect(verifyRevocationList(text, { keys, now: 3_000_000 })).toMatchObject({ reason: 'pass.expired' });
    expect(verifyRevocationList(text, { keys: [], now })).toMatchObject({ reason: 'pass.unknown_key' });
    expect(verifyRevocationList(text, { keys: [{ ...keys[0]!, iss: 'other' }], now })).toMatchObject({
      reason: 'pass.unknown_key',
    });
    const stranger = publicPart({ ...generateIssuerKey(), kid: key.kid });
    expect(verifyRevocationList(text, { keys: [stranger], now })).toMatchObject({ reason: 'pass.signature' });
  });

  it('never go back: a list with a lower number than the newest is refused', () => {
    expect(verifyRevocationList(text, { keys, now, newest: 7 })).toMatchObject({ outcome: 'accepted' });
    expect(verifyRevocationList(text, { keys, now, newest: 8 })).toMatchObject({ reason: 'pass.expired' });
  });

  it('cannot be passed off as passes, nor passes as lists', () => {
    const pass = issuePass(claims, key);
    expect(verifyPass(`WP1:${text.slice(4)}`, { keys, audience: 'gate', now })).toMatchObject({
      reason: 'pass.signature',
    });
    expect(verifyRevocationList(`WPR:${pass.slice(4)}`, { keys, now })).toMatchObject({
      reason: 'pass.signature',
    });
  });

  it('never throw on garbage', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (junk) => {
        expect(verifyRevocationList(junk, { keys, now }).outcome).toBe('rejected');
        expect(verifyRevocationList(`WPR:${junk}`, { keys, now }).outcome).toBe('rejected');
      }),
    );
    expect(() => issueRevocationList({ ...list, revoked: ['a b'] }, key)).toThrow(
      expect.objectContaining({ code: 'pass.malformed' }),
    );
  });
});

describe('RedemptionLedger', () => {
  it('never allows more than the uses, in any order of passes and restarts', () => {
    const step = fc.tuple(fc.constantFrom('a', 'b'), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let ledger = new RedemptionLedger();
        const used = { a: 0, b: 0 };
        for (const [jti, restart] of steps) {
          if (restart) ledger = new RedemptionLedger(structuredClone(ledger.entries()));
          const result = ledger.redeem({ ...claims, jti });
          if (result.outcome === 'redeemed') used[jti as 'a' | 'b']++;
        }
        for (const jti of ['a', 'b'] as const) {
          expect(used[jti]).toBe(Math.min(2, steps.filter(([name]) => name === jti).length));
        }
      }),
    );
  });
  it('takes the proof of a half minute once: a copy of the screen is refused, the next half minute is good', () => {
    const ledger = new RedemptionLedger();
    const redeem = (proof: number) => ledger.redeem({ ...claims, maxUses: 3 }, proof);
    expect(redeem(70)).toMatchObject({ outcome: 'redeemed', left: 2 });
    expect(redeem(70)).toMatchObject({ reason: 'pass.replayed' });
    expect(redeem(69)).toMatchObject({ reason: 'pass.replayed' });
    const later = new RedemptionLedger(structuredClone(ledger.entries()));
    expect(later.redeem({ ...claims, maxUses: 3 }, 70)).toMatchObject({ reason: 'pass.replayed' });
    expect(later.redeem({ ...claims, maxUses: 3 }, 71)).toMatchObject({ outcome: 'redeemed', left: 1 });
  });

  it('keeps issuers apart and forgets long expired passes', () => {
    const ledger = new RedemptionLedger();
    ledger.redeem({ ...claims, maxUses: 1 });
    expect(ledger.redeem({ ...claims, maxUses: 1 })).toMatchObject({ reason: 'pass.used_up' });
    expect(ledger.redeem({ ...claims, iss: 'lodge-2', maxUses: 1 })).toMatchObject({
      outcome: 'redeemed',
      left: 0,
    });
    ledger.forgetExpired(claims.exp * 1000 + 1);
    expect(ledger.entries()).toHaveLength(2);
    ledger.forgetExpired((claims.exp + 86_401) * 1000);
    expect(ledger.entries()).toHaveLength(0);
  });
});
