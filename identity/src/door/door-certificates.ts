import { createSecureContext, type SecureContext } from 'node:tls';
import { doorServerName } from '@watchpost/contracts/wire';
import { readTlsFiles, type TlsFiles } from '@watchpost/service';
import { doorPolicy } from '../policy.ts';
import type { DoorSite } from './door-site.ts';

const dayMs = 24 * 3_600_000;

/** What a door shows of itself: certificates in files, or its own ones for these names. */
export type DoorIdentity = Pick<TlsFiles, 'certFile' | 'keyFile'> | { readonly names: readonly string[] };

/** What TLS needs of the door, for whoever calls it by which name. */
export interface DoorTls {
  readonly cert: Buffer | string;
  readonly key: Buffer | string;
  /** Authorities whose gateways may come. */
  readonly ca: readonly string[];
  /** By server name; names that are not here get the certificate above. */
  readonly contexts: ReadonlyMap<string, SecureContext>;
}

/**
 * Certificates of a door. A gateway trusts only its own site’s authority, so each site’s gateways are shown a
 * certificate of theirs. Those that the door makes for itself live in its memory alone and are made anew long
 * before they end.
 * @throws WatchpostError `config.invalid` for files that cannot be used
 */
export async function doorTls(
  sites: readonly DoorSite[],
  identity: DoorIdentity,
  nowMs: number,
): Promise<DoorTls> {
  const ca = sites.map(({ authority }) => authority.certificatePem);
  const names = 'names' in identity ? identity.names : [];
  const issued = await Promise.all(
    sites.map(async ({ id, authority }) => {
      const hosts = [doorServerName(id), ...names];
      const { pem, keyPem } = await authority.issueServer(hosts, doorPolicy.certificateDays * dayMs, nowMs);
      return { id, cert: pem + authority.certificatePem, key: keyPem };
    }),
  );
  const contexts = new Map(
    issued.map(({ id, cert, key }) => [doorServerName(id), createSecureContext({ cert, key, ca })]),
  );
  const [first] = issued;
  if ('names' in identity) return { cert: first?.cert ?? '', key: first?.key ?? '', ca, contexts };
  const { cert, key } = await readTlsFiles(identity);
  return { cert, key, ca, contexts };
}
