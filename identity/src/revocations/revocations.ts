import { timeSchema, topicLevelPattern } from '@watchpost/contracts/wire';
import { z } from 'zod';
import { plainSerial } from '../authority/gateway-certificate.ts';
import type { Authenticated } from '../credential.ts';

const level = z.string().regex(topicLevelPattern);
/** When the entry was made, and from when it is not needed any more because what it revokes has expired. */
const times = { at: timeSchema, until: timeSchema.optional() };

/** One line of the revocation file. */
export const revocationSchema = z.discriminatedUnion('type', [
  /** A certificate, by its serial number in hexadecimal digits. */
  z.strictObject({ type: z.literal('serial'), serial: z.string().regex(/^[0-9A-F]{1,40}$/), ...times }),
  /** A gateway, however it comes. */
  z.strictObject({ type: z.literal('gateway'), gateway: level, ...times }),
  /** One token, by its `jti`. */
  z.strictObject({ type: z.literal('token'), token: level, ...times }),
  /** All tokens of a `sub`, or those issued before a time. */
  z.strictObject({
    type: z.literal('subject'),
    subject: level,
    issuedBefore: timeSchema.optional(),
    ...times,
  }),
  /** All tokens of a session, by its `sid`. */
  z.strictObject({ type: z.literal('session'), session: level, ...times }),
  /** All tokens of a key, by its `kid`. */
  z.strictObject({ type: z.literal('key'), key: level, ...times }),
]);
export type Revocation = z.infer<typeof revocationSchema>;

/** The revocation file, JSON. */
export const revocationFileSchema = z.strictObject({
  version: z.literal(1),
  entries: z.array(revocationSchema).max(100_000),
});

/** The entries, ready for being asked at every connect and every second. */
export class Revocations {
  readonly size: number;
  readonly #serials = new Set<string>();
  readonly #gateways = new Set<string>();
  readonly #tokens = new Set<string>();
  readonly #keys = new Set<string>();
  readonly #sessions = new Set<string>();
  /** Subject → tokens issued before this are revoked. */
  readonly #subjects = new Map<string, number>();

  constructor(entries: readonly Revocation[]) {
    this.size = entries.length;
    for (const entry of entries) this.#add(entry);
  }

  #add(entry: Revocation): void {
    if (entry.type === 'serial') this.#serials.add(plainSerial(entry.serial));
    else if (entry.type === 'gateway') this.#gateways.add(entry.gateway);
    else if (entry.type === 'token') this.#tokens.add(entry.token);
    else if (entry.type === 'key') this.#keys.add(entry.key);
    else if (entry.type === 'session') this.#sessions.add(entry.session);
    else {
      const before = entry.issuedBefore === undefined ? Infinity : Date.parse(entry.issuedBefore);
      this.#subjects.set(entry.subject, Math.max(before, this.#subjects.get(entry.subject) ?? 0));
    }
  }

  hasSerial(serial: string): boolean {
    return this.#serials.has(plainSerial(serial));
  }

  hasGateway(gateway: string): boolean {
    return this.#gateways.has(gateway);
  }

  /** Whether this principal must not speak with this credential. */
  revoke({ principal, credential }: Authenticated): boolean {
    if (principal.gateway !== undefined && this.hasGateway(principal.gateway)) return true;
    if (credential.type === 'certificate') return this.hasSerial(credential.serial);
    if (credential.type !== 'token') return false;
    const { id, key, subject, session, issuedAtMs } = credential;
    if (session !== undefined && this.#sessions.has(session)) return true;
    const before = this.#subjects.get(subject);
    return this.#tokens.has(id) || this.#keys.has(key) || (before !== undefined && issuedAtMs < before);
  }
}
