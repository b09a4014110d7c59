import { X509Certificate } from 'node:crypto';
import type { Logger } from 'pino';
import { authorityFolder } from '../authority/authority-files.ts';
import { openAuthority } from '../authority/authority-folder.ts';
import { gatewayOfCertificate, type PeerCertificate } from '../authority/gateway-certificate.ts';
import type { SiteAuthority } from '../authority/site-authority.ts';
import { ClaimHandler } from '../claims/claim-handler.ts';
import { ClaimRegister } from '../claims/claim-register.ts';
import { RevocationFile } from '../revocations/revocation-file.ts';

/** A site as the door serves it: with its authority, its claims and whom it shut out. */
export interface DoorSite {
  readonly id: string;
  readonly authority: SiteAuthority;
  readonly claims: ClaimHandler;
  /**
   * The gateway whose certificate this is, if it is one of this site that is good now.
   * @param raw the certificate itself: several authorities may have signed what a listener takes
   */
  gatewayOf(raw: X509Certificate, peer: PeerCertificate): string | undefined;
  /** Whether a gateway with a certificate of this serial number was shut out. */
  isOut(gateway: string, serial: string): boolean;
  /** Whether this site’s authority signed a certificate, good or not. */
  hasSigned(raw: X509Certificate | undefined): boolean;
  close(): void;
}

/**
 * Opens a site’s authority for the door.
 * @throws WatchpostError `config.data_folder`, `config.secret_readable`, `identity.revocations_damaged`
 */
export async function openDoorSite(
  folder: string,
  { nowMs, lifeMs, log }: { readonly nowMs: () => number; readonly lifeMs: number; readonly log: Logger },
): Promise<DoorSite> {
  const files = authorityFolder(folder);
  const authority = await openAuthority(folder);
  const { publicKey } = new X509Certificate(authority.certificatePem);
  const revocations = new RevocationFile(files.revocations, {
    changed: (entries) => log.info({ entries, site: authority.site }, 'revocations read'),
    damaged: ({ code }) => log.error({ code, site: authority.site }, 'revocation file damaged'),
  });
  await revocations.start();
  let register: ClaimRegister;
  try {
    register = new ClaimRegister(files.register);
  } catch (error) {
    revocations.stop();
    throw error;
  }
  const isOut = (gateway: string, serial: string) =>
    revocations.current.hasGateway(gateway) ||
    revocations.current.hasSerial(serial) ||
    register.isRevoked(serial);
  return {
    id: authority.site,
    authority,
    claims: new ClaimHandler({ authority, register, revocations: () => revocations.current, nowMs, lifeMs }),
    gatewayOf(raw, peer) {
      if (!raw.verify(publicKey)) return undefined;
      const found = gatewayOfCertificate(peer, authority.site, nowMs());
      if ('fault' in found) return undefined;
      const { gateway } = found;
      return isOut(gateway, peer.serial) ? undefined : gateway;
    },
    isOut,
    hasSigned: (raw) => raw?.verify(publicKey) === true,
    close() {
      revocations.stop();
      register.close();
    },
  };
}
