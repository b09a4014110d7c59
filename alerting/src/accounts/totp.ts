import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { totpPolicy } from './policy.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 §6, without padding, as authenticators take it. */
export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + alphabet[(held << (5 - bits)) & 31];
}

/** A secret of 160 bits (RFC 4226 §4, R6). */
export const newTotpSecret = (): Buffer => randomBytes(20);

/** The code of a time step: HOTP (RFC 4226 §5.3) over HMAC-SHA-1, which every authenticator knows. */
export function codeAt(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** totpPolicy.digits;
  return String(number).padStart(totpPolicy.digits, '0');
}

/** The time step of a moment (RFC 6238 §4.2). */
export const stepAt = (nowMs: number): number => Math.floor(nowMs / totpPolicy.stepMs);

/**
 * The step that a code is of: that of now or one beside it, for clocks that differ (RFC 6238 §5.2). Undefined
 * when it is of none. Every step is compared, so that the time it takes says nothing.
 */
export function stepOf(secret: Buffer, code: string, nowMs: number): number | undefined {
  const now = stepAt(nowMs);
  let found: number | undefined;
  for (let step = now - totpPolicy.stepsBeside; step <= now + totpPolicy.stepsBeside; step++) {
    const wanted = Buffer.from(codeAt(secret, step));
    const given = Buffer.from(code);
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) found = step;
  }
  return found;
}

/** What the QR code for an authenticator holds (Key URI Format of Google Authenticator). */
export function totpUri(secret: Buffer, issuer: string, account: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const query = new URLSearchParams({ secret: toBase32(secret), issuer });
  return `otpauth://totp/${label}?${query.toString().replaceAll('+', '%20')}`;
}
