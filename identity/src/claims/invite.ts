import { createHash, randomBytes } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';
import { formatClaimCode } from '@watchpost/contracts/wire';
import { authorityFolder } from '../authority/authority-files.ts';
import { openAuthority } from '../authority/authority-folder.ts';
import { readRevocations } from '../revocations/revocation-file.ts';
import { Revocations } from '../revocations/revocations.ts';
import { ClaimRegister } from './claim-register.ts';

/**
 * Makes a claim code for a gateway, good for `lifeMs`; an earlier one of it ends. The code is nowhere but in
 * the answer.
 * @throws WatchpostError `identity.revoked` for a revoked gateway, `config.data_folder`,
 *   `identity.revocations_damaged`
 */
export async function inviteGateway(
  folder: string,
  gateway: string,
  lifeMs: number,
  nowMs: number,
): Promise<string> {
  const authority = await openAuthority(folder);
  const { register: path, revocations } = authorityFolder(folder);
  if (new Revocations(await readRevocations(revocations)).hasGateway(gateway))
    throw new WatchpostError('identity.revoked', {
      path: gateway,
      details: { expected: 'a gateway that is not revoked; see `gateway readmit`' },
    });
  const id = randomBytes(8).toString('base64url');
  const secret = randomBytes(20);
  const register = new ClaimRegister(path);
  try {
    register.invite({ id, gateway, expiresMs: nowMs + lifeMs }, createHash('sha256').update(secret).digest());
  } finally {
    register.close();
  }
  return formatClaimCode({
    site: authority.site,
    gateway,
    id,
    secret: secret.toString('base64url'),
    authority: authority.fingerprint,
  });
}
