import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Announcement, SignedAnnouncement } from '@watchpost/contracts/wire';
import { readSecretFile, replaceSecretFile } from '@watchpost/service';

/** Signs what gateways of one site are told: Ed25519 (RFC 8032). */
export interface AnnouncingKey {
  readonly kid: string;
  /** Raw public key, base64url. */
  readonly publicKey: string;
  sign(announcement: Announcement): SignedAnnouncement;
  /** Signs a command. @param statement as `stillStatement` */
  signCommand(statement: string): { readonly kid: string; readonly signature: string };
}

/** In the folder of the site’s authority, beside its own key. */
const fileName = 'announce.key';

/**
 * The key of a site, made where there is none (0600). What it signed stays good as long as gateways know it,
 * so the file belongs into every backup of the authority.
 * @throws WatchpostError `config.data_folder`, `config.secret_readable`
 */
export function openAnnouncingKey(authorityFolder: string): AnnouncingKey {
  const path = join(authorityFolder, fileName);
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    replaceSecretFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  }
  let key: KeyObject;
  let x: string;
  try {
    key = createPrivateKey(readSecretFile(path));
    x = key.export({ format: 'jwk' }).x ?? '';
    if (key.asymmetricKeyType !== 'ed25519') throw new Error('another kind of key');
  } catch (error) {
    if (error instanceof WatchpostError) throw error;
    // the cause may quote the key
    throw new WatchpostError('config.data_folder', { path, details: { expected: 'an Ed25519 key, PEM' } });
  }
  const kid = createHash('sha256').update(x).digest('base64url').slice(0, 16);
  return {
    kid,
    publicKey: x,
    sign(announcement) {
      const bytes = Buffer.from(JSON.stringify(announcement));
      return {
        kid,
        announcement: bytes.toString('base64url'),
        signature: sign(null, bytes, key).toString('base64url'),
      };
    },
    signCommand: (statement) => ({
      kid,
      signature: sign(null, Buffer.from(statement), key).toString('base64url'),
    }),
  };
}
