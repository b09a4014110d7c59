import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import { readSecretFile, replaceFile } from '@watchpost/service';
import { ClaimRegister } from '../claims/claim-register.ts';
import { writeRevocations } from '../revocations/revocation-file.ts';
import { type AuthorityFolder, authorityFolder } from './authority-files.ts';
import type { KeyedCertificate } from './certificate-parts.ts';
import { SiteAuthority } from './site-authority.ts';

/**
 * Runs `work` while no other process writes to the folder: a key and its certificate are two files, which
 * must be of one piece of work.
 */
async function alone<T>(files: AuthorityFolder, work: () => Promise<T>): Promise<T> {
  const register = new ClaimRegister(files.register);
  try {
    return await register.exclusively(work);
  } finally {
    register.close();
  }
}

/**
 * Makes a folder with a new authority and an empty revocation file. An authority that is there stays.
 * @throws WatchpostError `config.data_folder`
 */
export async function createAuthority(folder: string, site: string, nowMs: number): Promise<SiteAuthority> {
  const files = authorityFolder(folder);
  requireNone(folder);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await alone(files, async () => {
      // Somebody else may have been first.
      requireNone(folder);
      const { authority, keyPem } = await SiteAuthority.create(site, nowMs);
      await replaceFile(files.key, keyPem, 0o600);
      await writeRevocations(files.revocations, []);
      // The last: with it the authority is whole.
      await replaceFile(files.certificate, authority.certificatePem, 0o644);
      return authority;
    });
  } catch (cause) {
    if (cause instanceof WatchpostError) throw cause;
    throw new WatchpostError('config.data_folder', { path: folder, cause });
  }
}

function requireNone(folder: string): void {
  const { key, certificate } = authorityFolder(folder);
  if (!existsSync(key) && !existsSync(certificate)) return;
  throw new WatchpostError('config.data_folder', { path: folder, details: { expected: 'no authority yet' } });
}

/**
 * @throws WatchpostError `config.data_folder` when the folder holds no authority that can be used,
 *   `config.secret_readable` when others
 * may have read its key
 */
export async function openAuthority(folder: string): Promise<SiteAuthority> {
  const { certificate, key } = authorityFolder(folder);
  try {
    return await SiteAuthority.open(await readFile(certificate, 'utf8'), readSecretFile(key).toString());
  } catch (error) {
    if (error instanceof WatchpostError && error.code === 'config.secret_readable') throw error;
    // the cause may quote the key
    throw new WatchpostError('config.data_folder', {
      path: folder,
      details: { expected: 'authority.pem and authority.key as `gateway new-ca` wrote them' },
    });
  }
}

/** A server certificate for broker and claim service, with the authority’s own behind it. */
export async function issueServerCertificate(
  folder: string,
  hosts: readonly string[],
  lifeMs: number,
  nowMs: number,
): Promise<KeyedCertificate> {
  const authority = await openAuthority(folder);
  const files = authorityFolder(folder);
  return alone(files, async () => {
    const issued = await authority.issueServer(hosts, lifeMs, nowMs);
    await replaceFile(files.serverKey, issued.keyPem, 0o600);
    await replaceFile(files.serverCertificate, issued.pem + authority.certificatePem, 0o644);
    return issued;
  });
}
