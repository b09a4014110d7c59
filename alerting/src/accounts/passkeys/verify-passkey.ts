import { createHash, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import type { NewPasskey, PasskeyAssertion } from '@watchpost/contracts/api';
import { z } from 'zod';
import { type AuthenticatorData, readAuthenticatorData } from './authenticator-data.ts';
import type { RelyingParty } from './relying-party.ts';

/** What the server asked for. */
export interface AskedPasskey {
  /** Base64url. */
  readonly challenge: string;
  readonly rp: RelyingParty;
  /** Whether the authenticator must know the person: where it is the only step. */
  readonly userVerification: 'required' | 'preferred';
}

/** What is kept of a passkey, beside its id and counter. */
export const keptPasskeySchema = z.object({
  rpId: z.string(),
  /** SubjectPublicKeyInfo, DER, base64url. */
  publicKey: z.string(),
  algorithm: z.number().int(),
  transports: z.array(z.string()),
});
export type KeptPasskey = z.infer<typeof keptPasskeySchema>;

/** What was found right. */
export interface VerifiedPasskey {
  readonly counter: number;
  readonly userVerified: boolean;
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64url');
const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest();

/**
 * COSE algorithms that are taken (RFC 9053, RFC 8812), in the order of preference, each with the keys that it
 * may have. ES256, EdDSA, RS256: what WebAuthn Level 3 §5.4 recommends to offer.
 */
const algorithms: ReadonlyMap<number, { readonly digest: 'sha256' | null; fits(key: KeyObject): boolean }> =
  new Map([
    [
      -7,
      {
        digest: 'sha256',
        fits: (key) =>
          key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
      },
    ],
    [-8, { digest: null, fits: (key) => key.asymmetricKeyType === 'ed25519' }],
    [
      -257,
      {
        digest: 'sha256',
        fits: (key) =>
          key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2_048,
      },
    ],
  ]);

/** Their numbers. */
export const passkeyAlgorithms: readonly number[] = [...algorithms.keys()];

const clientDataSchema = z.looseObject({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
  topOrigin: z.string().optional(),
});

/**
 * Whether the browser signed what was asked, for us and for no page around us (§7.1 steps 7–11, §7.2 10–14).
 */
function isClientDataRight(
  text: string,
  type: 'webauthn.create' | 'webauthn.get',
  asked: AskedPasskey,
): boolean {
  let json: unknown;
  try {
    json = JSON.parse(bytesOf(text).toString('utf8'));
  } catch {
    return false;
  }
  const { success, data } = clientDataSchema.safeParse(json);
  if (!success) return false;
  const [given, wanted] = [bytesOf(data.challenge), bytesOf(asked.challenge)];
  return (
    data.type === type &&
    given.length === wanted.length &&
    timingSafeEqual(given, wanted) &&
    data.origin === asked.rp.origin &&
    data.crossOrigin !== true &&
    data.topOrigin === undefined
  );
}

/** Whether it is for us, and somebody was there (§7.1 steps 13–17, §7.2 15–17). */
function isFor({ rpIdHash, userPresent, userVerified }: AuthenticatorData, asked: AskedPasskey): boolean {
  return (
    rpIdHash.equals(sha256(asked.rp.id)) &&
    userPresent &&
    (userVerified || asked.userVerification === 'preferred')
  );
}

function keyOf({
  publicKey,
  algorithm,
}: Pick<KeptPasskey, 'publicKey' | 'algorithm'>): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: bytesOf(publicKey), format: 'der', type: 'spki' });
    return algorithms.get(algorithm)?.fits(key) === true ? key : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Checks a new passkey (WebAuthn Level 3 §7.1); undefined for one that is not right. No attestation is asked
 * for, so nothing of it is signed but by later log-ins: whoever makes it is who is logged in, and the key
 * that the browser names is as good as the one in the authenticator data.
 */
export function verifyNewPasskey(
  response: NewPasskey,
  asked: AskedPasskey,
): (VerifiedPasskey & KeptPasskey) | undefined {
  if (!isClientDataRight(response.clientDataJSON, 'webauthn.create', asked)) return undefined;
  const data = readAuthenticatorData(bytesOf(response.authenticatorData));
  if (!data?.credentialId?.equals(bytesOf(response.id)) || !isFor(data, asked)) return undefined;
  if (!keyOf(response)) return undefined;
  const { publicKey, algorithm, transports } = response;
  const { counter, userVerified } = data;
  return { counter, userVerified, rpId: asked.rp.id, publicKey, algorithm, transports };
}

/**
 * Checks what a passkey signed (WebAuthn Level 3 §7.2); undefined for what is not right. The counter is the
 * caller’s to compare.
 */
export function verifyAssertion(
  response: PasskeyAssertion,
  kept: KeptPasskey,
  asked: AskedPasskey,
): VerifiedPasskey | undefined {
  if (kept.rpId !== asked.rp.id) return undefined;
  if (!isClientDataRight(response.clientDataJSON, 'webauthn.get', asked)) return undefined;
  const authenticatorData = bytesOf(response.authenticatorData);
  const data = readAuthenticatorData(authenticatorData);
  if (!data || !isFor(data, asked)) return undefined;
  const key = keyOf(kept);
  const algorithm = algorithms.get(kept.algorithm);
  if (!key || !algorithm) return undefined;
  const signed = Buffer.concat([authenticatorData, sha256(bytesOf(response.clientDataJSON))]);
  if (!verify(algorithm.digest, signed, key, bytesOf(response.signature))) return undefined;
  return { counter: data.counter, userVerified: data.userVerified };
}
