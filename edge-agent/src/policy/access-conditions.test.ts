import { expect, it } from 'vitest';
import { AccessConditions } from './access-conditions.ts';
import type { PermitInForce } from './matching-permit.ts';

const issuedAtMs = Date.UTC(2026, 10, 27);
const hourMs = 3_600_000;
const permit = {
  issued: new Date(issuedAtMs).toISOString(),
  ...{ expires: new Date(issuedAtMs + 24 * hourMs).toISOString(), gallery: { digest: null, withdrawn: [] } },
  passes: { revoked: [] },
} satisfies PermitInForce;
const isExpired = (
  sinceIssueMs: number,
  revokedListGoodMs: number | undefined,
  { current = permit, isUnknown = false }: { current?: PermitInForce | null; isUnknown?: boolean } = {},
): boolean =>
  new AccessConditions({
    ...{ policy: { current }, clock: { isUnknown, nowMs: () => issuedAtMs + sinceIssueMs } },
    ...{ policyRequired: true, passTimes: () => ({ revokedListGoodMs }) },
  }).passListExpired();

it('the list of withdrawn passes is as old as the server’s word, however long the permit is good', () => {
  expect([-1, hourMs, hourMs + 1].map((sinceMs) => isExpired(sinceMs, hourMs))).toEqual([false, false, true]);
});
it('is never too old where the server names no time, where there is none, or where nobody knows the time', () => {
  expect(isExpired(1_000 * hourMs, undefined)).toBe(false);
  expect(isExpired(1_000 * hourMs, hourMs, { current: null })).toBe(false);
  expect(isExpired(1_000 * hourMs, hourMs, { isUnknown: true })).toBe(false);
});
