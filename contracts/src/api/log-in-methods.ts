import { z } from 'zod';
import { localizedTextSchema } from '../site/place.ts';

/** `GET /api/v1/session/methods`: how people log in here, besides a password. */
export const logInMethodsSchema = z.strictObject({
  /** `GET /api/v1/session/oidc` leads to this identity provider; null: there is none. */
  oidc: z.strictObject({ label: localizedTextSchema }).nullable(),
  /** Passkeys are good at this address alone; null: at none, because it is no name or not secure. */
  passkey: z.strictObject({ origin: z.string() }).nullable(),
});
export type LogInMethods = z.infer<typeof logInMethodsSchema>;
