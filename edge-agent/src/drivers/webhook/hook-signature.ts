import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ErrorCode } from '@watchpost/contracts/errors';
import { hookPolicy } from '../policy.ts';

/** What a message is judged by. */
export interface SignedHook {
  /** Header `watchpost-time`: when it was sent, whole milliseconds since the Unix epoch. */
  readonly time: string | undefined;
  /** Header `watchpost-signature`: `sha256=` and 64 hexadecimal digits. */
  readonly signature: string | undefined;
  readonly body: Uint8Array;
}

/**
 * A message that is its sender’s and of now. Its signature is its id: nobody else can make another one for
 * it.
 */
export type HookVerdict =
  | { readonly id: string; readonly timeMs: number }
  | { readonly error: Extract<ErrorCode, 'edge.hook_signature' | 'edge.hook_time'> };

/** HMAC-SHA256 over `<time>.<body>`. */
export function hookSignature(key: string, time: string, body: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${time}.`).update(body).digest();
}

/**
 * Whether a message is signed with the key and of now. Nothing but the signature is judged before it, and it
 * is compared in constant time.
 * @param nowMs the corrected time; null while nobody knows it: then the time is not judged
 */
export function judgeHook(
  { time, signature, body }: SignedHook,
  key: string,
  nowMs: number | null,
): HookVerdict {
  const claimed = /^sha256=([0-9a-f]{64})$/i.exec(signature ?? '')?.[1];
  if (claimed === undefined || time === undefined || !/^\d{13}$/.test(time))
    return { error: 'edge.hook_signature' };
  const wanted = hookSignature(key, time, body);
  if (!timingSafeEqual(wanted, Buffer.from(claimed, 'hex'))) return { error: 'edge.hook_signature' };
  const timeMs = Number(time);
  if (nowMs !== null && Math.abs(nowMs - timeMs) > hookPolicy.windowMs) return { error: 'edge.hook_time' };
  return { id: wanted.toString('hex'), timeMs };
}
