import { z } from 'zod';

/** The name of a secret: that of its file in the folder of secrets. */
export const secretNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'camera-1.password');

/**
 * A password or key by name. What is written down, shown and copied holds the name alone; who needs the
 * secret reads it from its file when it is used.
 */
export const secretSchema = z.strictObject({ secret: secretNameSchema });
export type Secret = z.infer<typeof secretSchema>;
