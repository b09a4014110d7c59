import { notifyPolicy } from '../policy.ts';

/**
 * How long a receiver wants to be left alone (RFC 9110 §10.2.3: seconds or a date), milliseconds, at most
 * {@link notifyPolicy.pauseAtMostMs}; undefined where it does not say so in a way that can be read.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const pauseMs = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  if (!Number.isFinite(pauseMs)) return undefined;
  return Math.min(Math.max(pauseMs, 0), notifyPolicy.pauseAtMostMs);
}
