import { z } from 'zod';
import { hostNameSchema } from './host-name.ts';
import { secretSchema } from './secret.ts';

const loopback = new Set(['localhost', '127.0.0.1', '::1']);

/** One mail address, as it stands between `<` and `>` (RFC 5321 §4.1.2, without quoted local parts). */
export const mailAddressSchema = z.email().max(254);

/** `mail` of a server file: the server that takes the mails of Watchpost. */
export const serverMailSchema = z
  .strictObject({
    host: hostNameSchema,
    /** Left out: 587 for `starttls`, 465 for `tls`, 25 for `none`. */
    port: z.number().int().min(1).max(65_535).optional(),
    /**
     * `starttls` insists on it (RFC 3207), `tls` begins with it (RFC 8314); `none` is for a mail server on
     * this computer alone.
     */
    security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    /** Whom mails come from. */
    from: mailAddressSchema,
    user: z.string().min(1).max(200).optional(),
    /** The password of the user. */
    password: secretSchema.optional(),
    /**
     * PEM file, relative to the server folder, with the authority of the mail server’s certificate where
     * computers do not trust it by themselves.
     */
    authority: z.string().min(1).max(4_096).optional(),
  })
  .refine(({ security, host }) => security !== 'none' || loopback.has(host), {
    path: ['security'],
    message: 'expected starttls or tls: the mail server is another computer',
    params: { code: 'site.format', details: { expected: 'starttls, tls' } },
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ['password'],
    message: 'expected both user and password, or neither',
    params: { code: 'site.format', details: { expected: 'user, password' } },
  });
export type ServerMail = z.output<typeof serverMailSchema>;
