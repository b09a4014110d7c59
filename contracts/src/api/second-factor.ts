import { z } from 'zod';
import { uuidSchema } from '../wire/ids.ts';

/** Bytes as base64url without padding. */
const base64url = (mostCharacters: number) =>
  z
    .string()
    .min(1)
    .max(mostCharacters)
    .regex(/^[A-Za-z0-9_-]+$/, 'expected base64url');

/** What `navigator.credentials.create` and `get` take, with bytes as base64url. */
export const passkeyOptionsSchema = z.looseObject({ challenge: z.string() });
export type PasskeyOptions = z.infer<typeof passkeyOptionsSchema>;

/** What a browser gave for a challenge (WebAuthn Level 3 §5.2.2), as far as it is needed. */
export const passkeyAssertionSchema = z.strictObject({
  /** Of the credential. */
  id: base64url(1_400),
  clientDataJSON: base64url(8_000),
  authenticatorData: base64url(8_000),
  signature: base64url(2_000),
  /** Whose passkey it is, where the passkey itself knows. */
  userHandle: base64url(100).nullable(),
});
export type PasskeyAssertion = z.infer<typeof passkeyAssertionSchema>;

/** What a browser gave for a new passkey (WebAuthn Level 3 §5.2.1), as far as it is needed. */
export const newPasskeySchema = z.strictObject({
  id: base64url(1_400),
  clientDataJSON: base64url(8_000),
  authenticatorData: base64url(8_000),
  /** SubjectPublicKeyInfo, DER. */
  publicKey: base64url(4_000),
  /** COSE algorithm. */
  algorithm: z.number().int(),
  transports: z.array(z.string().max(40)).max(10),
});
export type NewPasskey = z.infer<typeof newPasskeySchema>;

/** Answer of `POST /api/v1/account/passkeys/begin` and `POST /api/v1/session/passkey/begin`. */
export const passkeyStepSchema = z.strictObject({
  options: passkeyOptionsSchema,
  /** The step begins anew after this. */
  expires: z.iso.datetime(),
});
export type PasskeyStep = z.infer<typeof passkeyStepSchema>;

/** `POST /api/v1/account/passkeys`: from now on it is asked for, and lets in by itself. */
export const passkeyConfirmSchema = z.strictObject({
  /** What the person calls it. */
  label: z.string().trim().min(1).max(60),
  response: newPasskeySchema,
});

/** `POST /api/v1/session/passkey`: a log-in without a password. */
export const passkeyLogInSchema = z.strictObject({ response: passkeyAssertionSchema });

/** How somebody proves a log-in besides the password. `recovery`: a code of those that were shown once. */
export const factorKinds = ['totp', 'passkey', 'recovery'] as const;
export const factorKindSchema = z.enum(factorKinds);
export type FactorKind = z.infer<typeof factorKindSchema>;

/**
 * Answer 202 of `POST /api/v1/session`: the password was right, and a second factor is wanted at
 * `POST /api/v1/session/second`. The half session is a cookie of its own and opens nothing else.
 */
export const secondStepSchema = z.strictObject({
  secondFactor: z.array(factorKindSchema).min(1),
  /** The log-in begins anew after this. */
  expires: z.iso.datetime(),
  /** What a passkey has to sign; present with the kind `passkey`. */
  passkey: passkeyOptionsSchema.optional(),
});
export type SecondStep = z.infer<typeof secondStepSchema>;

/** Six digits, with or without a blank in the middle. */
export const totpCodeSchema = z
  .string()
  .max(16)
  .transform((text) => text.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'expected six digits'));

/** `POST /api/v1/session/second`. */
export const secondStepRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('totp'), code: totpCodeSchema }),
  z.strictObject({ kind: z.literal('recovery'), code: z.string().min(1).max(64) }),
  /** What the browser gave for the challenge. */
  z.strictObject({ kind: z.literal('passkey'), response: passkeyAssertionSchema }),
]);
export type SecondStepRequest = z.input<typeof secondStepRequestSchema>;

/** Who changes what protects an account shows the password again. */
export const passwordProofSchema = z.strictObject({ password: z.string().min(1).max(256) });

/**
 * Answer of `POST /api/v1/account/totp`, which takes {@link passwordProofSchema}. Secret; shown this once.
 */
export const totpSetupSchema = z.strictObject({
  /** Base32, for who types it. */
  secret: z.string(),
  /** `otpauth://totp/…`, what a QR code for an authenticator holds. */
  uri: z.string(),
  /** It must be confirmed by a code until then. */
  expires: z.iso.datetime(),
});
export type TotpSetup = z.infer<typeof totpSetupSchema>;

/** `POST /api/v1/account/totp/confirm`: from now on it is asked for. */
export const totpConfirmSchema = z.strictObject({ code: totpCodeSchema });

/**
 * Answer of `…/totp/confirm` and `POST /api/v1/account/recovery-codes`: each opens once. Codes of before are
 * void. Secret; shown this once.
 */
export const recoveryCodesSchema = z.strictObject({ recoveryCodes: z.array(z.string()).min(1) });
export type RecoveryCodes = z.infer<typeof recoveryCodesSchema>;

/**
 * Answer of `POST /api/v1/account/passkeys`: recovery codes with the first factor, none with a further one.
 */
export const passkeyMadeSchema = z.strictObject({ recoveryCodes: z.array(z.string()) });
export type PasskeyMade = z.infer<typeof passkeyMadeSchema>;

/** A second factor that is set up. */
export const accountFactorSchema = z.strictObject({
  id: uuidSchema,
  kind: z.enum(['totp', 'passkey']),
  /** What the person calls it. */
  label: z.string(),
  createdAt: z.iso.datetime(),
  lastUsed: z.iso.datetime().nullable(),
});
export type AccountFactor = z.infer<typeof accountFactorSchema>;
