import type { CertificateHealth } from '@watchpost/contracts/wire';
import { backoffMs } from '@watchpost/service';
import { renewalPolicy } from './policy.ts';

/** When a certificate is good, in milliseconds since the epoch. */
export interface Validity {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/**
 * When to renew: after two thirds of the life, ±5 % of it so that gateways claimed together do not come
 * together. `random` is 0…1.
 */
export function renewalDueMs({ notBeforeMs, notAfterMs }: Validity, random: number): number {
  return (
    notBeforeMs +
    (notAfterMs - notBeforeMs) * (renewalPolicy.dueAfter + renewalPolicy.spread * (random - 0.5))
  );
}

/**
 * How long to wait after the `failures`-th failure in a row: 1 min, doubling to 6 h, and never more than a
 * tenth of what is left.
 */
export function retryDelayMs(
  { notAfterMs }: Validity,
  failures: number,
  nowMs: number,
  random: number,
): number {
  const { retry, retryShare, shortestRetryMs } = renewalPolicy;
  const delayMs = backoffMs(failures - 1, retry.firstMs, retry.maxMs, random);
  const leftMs = notAfterMs - nowMs;
  if (leftMs <= 0) return delayMs;
  return Math.max(shortestRetryMs, Math.min(delayMs, leftMs * retryShare));
}

/** What a gateway says of its certificate. `error` is the code of the last failed renewal. */
export function certificateHealth(
  validity: Validity,
  error: string | undefined,
  nowMs: number,
): CertificateHealth {
  const { notBeforeMs, notAfterMs } = validity;
  const expires = new Date(notAfterMs).toISOString();
  if (nowMs >= notAfterMs) return { status: 'expired', expires, ...(error ? { error } : {}) };
  if (error) return { status: 'renewal_fails', expires, error };
  const soon = notAfterMs - nowMs < (notAfterMs - notBeforeMs) / renewalPolicy.soonOneIn;
  return { status: soon ? 'expires_soon' : 'ok', expires };
}
