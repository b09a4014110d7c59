import fc from 'fast-check';
import { expect, test } from 'vitest';
import { certificateHealth, renewalDueMs, retryDelayMs, type Validity } from './renewal-schedule.ts';

const day = 86_400_000;
const ninety: Validity = { notBeforeMs: 0, notAfterMs: 90 * day };
const validity = fc
  .tuple(fc.nat(1e9), fc.integer({ min: 1000, max: 400 * day }))
  .map(([notBeforeMs, lifeMs]): Validity => ({ notBeforeMs, notAfterMs: notBeforeMs + lifeMs }));
const random = fc.double({ min: 0, max: 1, noNaN: true });

test('a certificate is renewed at two thirds of its life, give or take a twentieth', () => {
  expect(renewalDueMs(ninety, 0.5)).toBeCloseTo(60 * day, 0);
  fc.assert(
    fc.property(validity, random, (one, chance) => {
      const share = (renewalDueMs(one, chance) - one.notBeforeMs) / (one.notAfterMs - one.notBeforeMs);
      return share > 0.61 && share < 0.72;
    }),
  );
  expect(renewalDueMs(ninety, 0)).not.toBe(renewalDueMs(ninety, 1));
});

test('a failed renewal is tried again, ever more slowly, and always well before the end', () => {
  expect(retryDelayMs(ninety, 1, 60 * day, 0.5)).toBe(60_000);
  expect(retryDelayMs(ninety, 3, 60 * day, 0.5)).toBe(240_000);
  expect(retryDelayMs(ninety, 30, 60 * day, 0.5)).toBe(6 * 3_600_000);
  expect(retryDelayMs(ninety, 30, 90 * day - 3_600_000, 0.5)).toBe(360_000);
  fc.assert(
    fc.property(
      validity,
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 1.2, noNaN: true }),
      random,
      (one, failures, at, chance) => {
        const lifeMs = one.notAfterMs - one.notBeforeMs;
        const nowMs = one.notBeforeMs + at * lifeMs;
        const delayMs = retryDelayMs(one, failures, nowMs, chance);
        const leftMs = one.notAfterMs - nowMs;
        expect(delayMs).toBeGreaterThanOrEqual(1000);
        if (leftMs > 0) expect(delayMs).toBeLessThanOrEqual(Math.max(1000, leftMs / 10 + 1));
      },
    ),
  );
});

test('what a gateway says of its certificate', () => {
  const at = (days: number, error?: string) => certificateHealth(ninety, error, days * day).status;
  expect([at(1), at(74), at(76), at(90)]).toEqual(['ok', 'ok', 'expires_soon', 'expired']);
  expect(at(61, 'identity.service_unreachable')).toBe('renewal_fails');
  expect(certificateHealth(ninety, 'identity.revoked', 91 * day)).toEqual({
    status: 'expired',
    expires: '1970-04-01T00:00:00.000Z',
    error: 'identity.revoked',
  });
});
