import { z } from 'zod';
import { uuidSchema } from '../wire/ids.ts';

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
  passkey: z.record(z.string(), z.unknown()).optional(),
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
  /** What the browser gave for the challenge (WebAuthn, `AuthenticationResponseJSON`). */
  z.strictObject({ kind: z.literal('passkey'), response: z.record(z.string(), z.unknown()) }),
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
