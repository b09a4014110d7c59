import { z } from 'zod';
import { secretSchema } from '../secret.ts';

/** By what a gateway is known to what it connects to. */
export const logIn = {
  /** Name that the device knows; kept apart from the address. */
  user: z.string().min(1).max(128).optional(),
  /** Read at every connection, so that a new one counts at once. */
  password: secretSchema.optional(),
};

/** Refuses a password that nobody could be asked for by name. */
export function requireUser(
  { user, password }: { readonly user?: unknown; readonly password?: unknown },
  context: z.RefinementCtx,
): void {
  if (password === undefined || user !== undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['user'],
    message: 'a password needs its user',
    params: { code: 'site.missing', details: { expected: 'text' } },
  });
}
