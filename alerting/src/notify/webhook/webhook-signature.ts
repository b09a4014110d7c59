import { createHmac } from 'node:crypto';

/**
 * The headers by which a receiver knows who sent a body, and when. The same as gateways take from others:
 * HMAC-SHA256 over `<time>.<body>`, the time in whole milliseconds since the Unix epoch.
 */
export function webhookSignature(key: string, body: string, nowMs: number): Record<string, string> {
  const time = String(Math.floor(nowMs));
  const digest = createHmac('sha256', key).update(`${time}.`).update(body).digest('hex');
  return { 'watchpost-time': time, 'watchpost-signature': `sha256=${digest}` };
}
