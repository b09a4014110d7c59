import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseClaimCode } from '@watchpost/contracts/wire';
import { createAuthority, openAuthority } from '../../identity/src/authority/authority-folder.ts';
import { ClaimHandler } from '../../identity/src/claims/claim-handler.ts';
import { ClaimRegister } from '../../identity/src/claims/claim-register.ts';
import { inviteGateway } from '../../identity/src/claims/invite.ts';
import { Revocations } from '../../identity/src/revocations/revocations.ts';
import { newRequest } from '../../identity/src/testing/test-site.ts';

const hourMs = 3_600_000;

/**
 * Makes the authority of a site, where it has none, and one gateway that has a certificate for 90 days from
 * `atMs` on; gives its serial number.
 */
export async function claimedGateway(
  folder: string,
  { site, gateway, atMs }: { readonly site: string; readonly gateway: string; readonly atMs: number },
): Promise<string> {
  const isThere = existsSync(join(folder, 'authority.pem'));
  const authority = isThere ? await openAuthority(folder) : await createAuthority(folder, site, atMs);
  const code = parseClaimCode(await inviteGateway(folder, gateway, hourMs, atMs));
  if (!code) throw new Error('no claim code');
  const register = new ClaimRegister(join(folder, 'register.sqlite'));
  const handler = new ClaimHandler({
    authority,
    register,
    revocations: () => new Revocations([]),
    nowMs: () => atMs,
    lifeMs: 90 * 24 * hourMs,
  });
  const { serial } = await handler.claim(code.id, code.secret, (await newRequest(gateway)).request);
  register.close();
  return serial;
}
