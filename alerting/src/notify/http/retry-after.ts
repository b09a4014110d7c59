import { notifyPolicy } from '../policy.ts';

/** The form of dates that senders have to use (RFC 9110 §5.6.7); `Date.parse` alone takes `-5` for one. */
const dateMs = (text: string): number =>
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)
    ? Date.parse(text)
    : Number.NaN;

/**
 * How long a receiver wants to be left alone (RFC 9110 §10.2.3: seconds or a date), milliseconds, at most
 * {@link notifyPolicy.pauseAtMostMs}; undefined where it does not say so in a way that can be read.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const pauseMs = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : dateMs(text) - nowMs;
  if (!Number.isFinite(pauseMs)) return undefined;
  return Math.min(Math.max(pauseMs, 0), notifyPolicy.pauseAtMostMs);
}
