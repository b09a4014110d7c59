import { type Policy, policySchema } from '@watchpost/contracts/wire';
import { expect, test } from 'vitest';
import { permitMatching } from './matching-permit.ts';

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
