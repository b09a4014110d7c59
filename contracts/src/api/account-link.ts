import { z } from 'zod';

/** Names of people: as they are typed at log-in, so nothing that cannot be seen. */
export const accountNameSchema = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\p{C}\p{Z}](?:[^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}])?$/u, 'a name without blanks at its ends');

/** The secret of a one-time link: what stands behind `#` in its address. */
export const linkTokenSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** `POST /api/v1/account-link`: what a one-time link is for. */
export const accountLinkRequestSchema = z.strictObject({ token: linkTokenSchema });

export const accountLinkSchema = z.strictObject({
  /** Whose password is set; null: the person chooses a name, and is the first administrator. */
  user: z.string().nullable(),
  expires: z.iso.datetime(),
  /** A password has this many characters at least. */
  leastCharacters: z.number().int(),
});
export type AccountLink = z.infer<typeof accountLinkSchema>;

/** `POST /api/v1/account-link/password`: sets the password, and logs in. The link is used up. */
export const linkPasswordRequestSchema = z.strictObject({
  token: linkTokenSchema,
  /** Of the first administrator; else absent. */
  user: accountNameSchema.optional(),
  password: z.string().min(1).max(256),
});
export type LinkPasswordRequest = z.infer<typeof linkPasswordRequestSchema>;
