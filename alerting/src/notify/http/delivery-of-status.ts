import type { Delivery } from '../channel.ts';

/** What an HTTP status says of a try (RFC 9110 §15). */
export function deliveryOfStatus(status: number, afterMs?: number): Delivery {
  const pause = afterMs === undefined ? {} : { afterMs };
  if (status >= 200 && status < 300) return { outcome: 'sent' };
  if (status === 429) return { outcome: 'retry', code: 'notify.throttled', ...pause };
  if (status === 408 || status === 425) return { outcome: 'retry', code: 'notify.timeout', ...pause };
  if (status >= 500) return { outcome: 'retry', code: 'notify.receiver_failed', ...pause };
  if (status >= 300 && status < 400) return { outcome: 'refused', code: 'notify.redirected' };
  if (status === 401 || status === 403 || status === 407)
    return { outcome: 'refused', code: 'notify.credentials' };
  return { outcome: 'refused', code: 'notify.refused' };
}
