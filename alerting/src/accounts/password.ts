import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { passwordPolicy } from './policy.ts';

const derive = promisify(argon2);

async function argon2id(password: string, nonce: Buffer): Promise<Buffer> {
  return derive('argon2id', {
    ...passwordPolicy,
    message: Buffer.from(password.normalize('NFKC')),
    nonce,
  });
}

/** The stored form of a password: `argon2id$m$t$p$salt$hash`, base64url. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const hash = await argon2id(password, nonce);
  const { memory, passes, parallelism } = passwordPolicy;
  const parts = [
    'argon2id',
    memory,
    passes,
    parallelism,
    nonce.toString('base64url'),
    hash.toString('base64url'),
  ];
  return parts.join('$');
}

/** What an unknown user's password is compared with, so that the answer takes as long as for a known one. */
const nobody = `argon2id$0$0$0$${Buffer.alloc(16).toString('base64url')}$${Buffer.alloc(32).toString('base64url')}`;

/**
 * Whether the password belongs to the stored form; without one, takes the time and says no. Costs a core and
 * 19 MiB: strangers come here through a `PasswordQueue` only.
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, , , , salt = '', hash = ''] = (stored ?? nobody).split('$');
  const wanted = Buffer.from(hash, 'base64url');
  const found = await argon2id(password, Buffer.from(salt, 'base64url'));
  return found.length === wanted.length && timingSafeEqual(found, wanted) && stored !== undefined;
}
