import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { contactPolicy } from './policy.ts';

/** A code that is sent to a contact: digits, so that it can be said over the telephone. */
export const newContactCode = (): string =>
  String(randomInt(10 ** contactPolicy.codeDigits)).padStart(contactPolicy.codeDigits, '0');

/** What is kept of a code. It is good for minutes and for few tries: that is what protects it. */
export const hashOfCode = (receiver: string, code: string): string =>
  createHash('sha256').update(`${receiver} ${code}`).digest('hex');

/** Whether a code is the one that was sent. */
export const isSameCode = (hash: string, receiver: string, code: string): boolean =>
  timingSafeEqual(Buffer.from(hash), Buffer.from(hashOfCode(receiver, code)));
