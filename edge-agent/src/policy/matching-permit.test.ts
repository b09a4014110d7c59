import { type Policy, policySchema } from '@watchpost/contracts/wire';
import { expect, test } from 'vitest';
import { formerGalleries, type PermitInForce, permitMatching } from './matching-permit.ts';

const digest = 'a'.repeat(64);
const expires = Date.UTC(2026, 10, 2);
const policy: Policy = policySchema.parse({
  site: 's',
  gateway: 'g',
  version: 1,
  issued: '2026-11-01T00:00:00.000Z',
  expires: new Date(expires).toISOString(),
  gallery: { digest, withdrawn: [] },
  passes: { revoked: [] },
  armed: [],
});

test('a policy in force for this gallery permits matching, until the moment it expires', () => {
  expect(permitMatching(policy, true, digest, expires - 1)).toEqual({ allowed: true });
  expect(permitMatching(policy, true, digest, expires)).toEqual({
    allowed: false,
    error: 'edge.policy_expired',
  });
});

test('an expired policy forbids matching even where none is required', () => {
  expect(permitMatching(policy, false, digest, expires)).toMatchObject({ error: 'edge.policy_expired' });
});

test('another gallery than the named one is not used', () => {
  expect(permitMatching(policy, true, 'b'.repeat(64), 0)).toMatchObject({ error: 'edge.gallery_mismatch' });
});

test('without a policy only a demonstration matches', () => {
  expect(permitMatching(null, true, digest, 0)).toMatchObject({ error: 'edge.policy_missing' });
  expect(permitMatching(null, false, digest, 0)).toEqual({ allowed: true });
});

test('a gallery that a newer permit replaced goes on until its own permit would have ended', () => {
  const named = (
    letter: string | null,
    expiresMs: number,
    last: PermitInForce | null = null,
  ): PermitInForce => {
    const gallery = { digest: letter?.repeat(64) ?? null, withdrawn: [] };
    const before = formerGalleries(last, gallery);
    return { ...policy, gallery: { ...gallery, before }, expires: new Date(expiresMs).toISOString() };
  };
  const first = named('a', 1_000);
  const third = named('c', 3_000, named('b', 2_000, first));
  const at = (permit: PermitInForce, letter: string, nowMs: number) =>
    permitMatching(permit, true, letter.repeat(64), nowMs).allowed;
  expect([at(third, 'a', 999), at(third, 'a', 1_000)]).toEqual([true, false]);
  expect([at(third, 'b', 1_999), at(third, 'b', 2_000)]).toEqual([true, false]);
  // Renewed, it gives the ones before it no longer life.
  expect(at(named('c', 60_000, third), 'a', 1_000)).toBe(false);
  const nothing = named(null, 60_000, third);
  expect(permitMatching(nothing, true, 'c'.repeat(64), 0)).toMatchObject({ error: 'edge.gallery_missing' });
  expect(at(named('d', 60_000, nothing), 'c', 0)).toBe(false);
});
