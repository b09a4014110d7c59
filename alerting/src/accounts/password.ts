import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { passwordPolicy } from './policy.ts';

const derive = promisify(argon2);

/** What a derivation costs; see RFC 9106 §3.1. */
interface Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  /** Length of the hash in bytes. */
  readonly tagLength: number;
}

const argon2id = (password: string, nonce: Buffer, cost: Cost): Promise<Buffer> =>
  derive('argon2id', { ...cost, message: Buffer.from(password.normalize('NFKC')), nonce });

/** The stored form of a password: `argon2id$m$t$p$salt$hash`, base64url. */
export async function hashPassword(password: string, cost: Cost = passwordPolicy): Promise<string> {
  const nonce = randomBytes(16);
  const hash = await argon2id(password, nonce, cost);
  const { memory, passes, parallelism } = cost;
  const parts = [memory, passes, parallelism, nonce.toString('base64url'), hash.toString('base64url')];
  return ['argon2id', ...parts].join('$');
}

const storedForm =
  /^argon2id\$([1-9]\d{0,6})\$([1-9]\d{0,2})\$([1-9]\d{0,2})\$([\w-]{22,86})\$([\w-]{22,86})$/;

/**
 * A stored form by its parts, so that a password outlives a change of the policy; nothing for what is none.
 */
function parse(
  stored: string,
): { readonly cost: Cost; readonly nonce: Buffer; readonly hash: Buffer } | undefined {
  const [, memory, passes, parallelism, salt = '', text = ''] = storedForm.exec(stored) ?? [];
  if (memory === undefined) return undefined;
  const hash = Buffer.from(text, 'base64url');
  const cost = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: hash.length,
  };
  return { cost, nonce: Buffer.from(salt, 'base64url'), hash };
}

/** What an unknown user's password is compared with, so that the answer takes as long as for a known one. */
const nobody = {
  cost: passwordPolicy,
  nonce: Buffer.alloc(16),
  hash: Buffer.alloc(passwordPolicy.tagLength),
};

/**
 * Whether the password belongs to the stored form; without one, or with a damaged one, takes the time and
 * says no. Costs a core and 19 MiB: strangers come here through a `PasswordQueue` only.
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const known = stored === undefined ? undefined : parse(stored);
  const { cost, nonce, hash } = known ?? nobody;
  const found = await argon2id(password, nonce, cost);
  return timingSafeEqual(found, hash) && known !== undefined;
}
