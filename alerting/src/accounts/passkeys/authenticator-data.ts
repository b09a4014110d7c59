/** What an authenticator says beside its signature. */
export interface AuthenticatorData {
  /** SHA-256 of the id of the relying party. */
  readonly rpIdHash: Buffer;
  /** Somebody was there. */
  readonly userPresent: boolean;
  /** … and was known by a PIN, a finger, a face. */
  readonly userVerified: boolean;
  /** Rises with each signature, or is always 0. */
  readonly counter: number;
  /** Of a new credential. */
  readonly credentialId: Buffer | undefined;
}

const flag = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 };
const fixedBytes = 37;
/** Behind the fixed part of a new credential: its model (16 bytes), then the length of its id. */
const idLengthAt = fixedBytes + 16;
const idBytesAtMost = 1_023;

/**
 * Reads authenticator data (WebAuthn Level 3 §6.1); undefined for what is none. The key of a new credential
 * is not read here: the browser gives it in a form that Node knows.
 */
export function readAuthenticatorData(bytes: Buffer): AuthenticatorData | undefined {
  if (bytes.length < fixedBytes) return undefined;
  const flags = bytes[32] ?? 0;
  // Backed up, and not made for it: no such thing (§6.1.3).
  if ((flags & flag.backedUp) !== 0 && (flags & flag.backupEligible) === 0) return undefined;
  let credentialId: Buffer | undefined;
  if ((flags & flag.attested) !== 0) {
    if (bytes.length < idLengthAt + 2) return undefined;
    const length = bytes.readUInt16BE(idLengthAt);
    credentialId = bytes.subarray(idLengthAt + 2, idLengthAt + 2 + length);
    if (length === 0 || length > idBytesAtMost || credentialId.length !== length) return undefined;
  }
  return {
    rpIdHash: bytes.subarray(0, 32),
    userPresent: (flags & flag.userPresent) !== 0,
    userVerified: (flags & flag.userVerified) !== 0,
    counter: bytes.readUInt32BE(33),
    credentialId,
  };
}
