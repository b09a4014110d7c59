import type { CertificateHealth } from '@watchpost/contracts';
import { backoffMs } from '@watchpost/service';

/** When a certificate is good, in milliseconds since the epoch. */
export interface Validity {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

const firstRetryMs = 60_000;
const longestRetryMs = 6 * 3_600_000;
/** Of the life that is left: a certificate that ends soon is not waited for with the longest pause. */
const retryShare = 0.1;
const shortestRetryMs = 1000;

/** When to renew: after two thirds of the life, ±5 % of it so that gateways claimed together do not come together. `random` is 0…1. */
export function renewalDueMs({ notBeforeMs, notAfterMs }: Validity, random: number): number {
  return notBeforeMs + (notAfterMs - notBeforeMs) * (2 / 3 + 0.1 * (random - 0.5));
}

/** How long to wait after the `failures`-th failure in a row: 1 min, doubling to 6 h, and never more than a tenth of what is left. */
export function retryDelayMs(
  { notAfterMs }: Validity,
  failures: number,
  nowMs: number,
  random: number,
): number {
  const delayMs = backoffMs(failures - 1, firstRetryMs, longestRetryMs, random);
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
  const soon = notAfterMs - nowMs < (notAfterMs - notBeforeMs) / 6;
  return { status: soon ? 'expires_soon' : 'ok', expires };
}
