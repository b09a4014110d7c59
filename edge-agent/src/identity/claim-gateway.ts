import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { gatewayUri, parseClaimCode } from '@watchpost/contracts/wire';
import { replaceSecretFile } from '@watchpost/service';
import { claimCertificate, fetchAuthority, renewCertificate } from './claim-client.ts';
import { type GatewayIdentity, identityOf, readIdentity, writeIdentity } from './identity-file.ts';
import { writeServer } from './server-file.ts';

/** Where a gateway keeps who it is. */
export interface IdentityFiles {
  /** The authority’s certificate. */
  readonly ca: string;
  /** The gateway’s key and certificate. */
  readonly gateway: string;
  /** Where the server is; only where the server said so. */
  readonly server: string;
}

export const identityFiles = (folder: string): IdentityFiles => ({
  ca: join(folder, 'ca.pem'),
  gateway: join(folder, 'gateway.pem'),
  server: join(folder, 'server.json'),
});

/** What a person is told. */
export interface ClaimedIdentity {
  readonly site: string;
  readonly gateway: string;
  readonly serial: string;
  readonly expiresMs: number;
  /** The server tells the gateway what to do: it needs no configuration. */
  readonly isTold: boolean;
  readonly files: IdentityFiles;
}

/**
 * Makes a key pair, has it certified with a claim code and writes both into the folder. When the answer is
 * lost, the same command with the same code goes on with the same key.
 * @throws WatchpostError `identity.*`, `config.data_folder` also when there is an identity already
 */
export async function claimGateway(code: string, url: string, folder: string): Promise<ClaimedIdentity> {
  const claim = parseClaimCode(code);
  const { site, gateway } = claim;
  const files = identityFiles(folder);
  if (existsSync(files.gateway)) {
    throw new WatchpostError('config.data_folder', {
      path: files.gateway,
      details: { expected: 'no such file; move the old one away to claim again' },
    });
  }
  makeFolder(folder);
  const ca = await fetchAuthority(url, claim);
  const { newKey, requestFor } = await import('./certificate-request.ts');
  const pending = join(folder, 'gateway.key.new');
  if (!existsSync(pending)) replaceSecretFile(pending, newKey());
  const key = readFileSync(pending, 'utf8');
  const issued = await claimCertificate(url, ca, claim, await requestFor(gateway, key));
  const { certificate, server } = issued;
  const identity = checked(certificate, key, ca, url, `URI:${gatewayUri(site, gateway)}`);
  // The gateway’s own authority first: with it renewals are checked.
  replaceSecretFile(files.ca, `${ca.trimEnd()}\n${server?.brokerAuthority ?? ''}`);
  writeIdentity(files.gateway, identity);
  if (server) writeServer(files.server, { site, gateway, ...server });
  rmSync(pending);
  const isTold = server !== undefined;
  return { site, gateway, serial: identity.serial, expiresMs: identity.notAfterMs, isTold, files };
}

/**
 * Has a new key certified with the certificate that is still good, and puts both in the place of the old
 * ones.
 * @throws WatchpostError `identity.*`, `config.invalid` when the old identity cannot be read,
 *   `config.data_folder`
 */
export async function renewGateway(
  files: Omit<IdentityFiles, 'server'>,
  url: string,
): Promise<GatewayIdentity> {
  const old = readIdentity(files.gateway);
  const ca = readFileSync(files.ca, 'utf8');
  const { subject = '', subjectAltName } = new X509Certificate(old.certificate);
  const gateway = subject.replace(/^CN=/, '');
  const site = /^URI:watchpost:\/\/([A-Za-z0-9_-]+)\//.exec(subjectAltName ?? '')?.[1] ?? '';
  const { newKey, requestFor } = await import('./certificate-request.ts');
  const key = newKey();
  const request = await requestFor(gateway, key);
  const { certificate } = await renewCertificate(url, ca, { ...old, site }, request);
  const identity = checked(certificate, key, ca, url, subjectAltName);
  writeIdentity(files.gateway, identity);
  return identity;
}

/** What the service gave us must be for our key and from our authority, or it is of no use. */
function checked(
  certificate: string,
  key: string,
  ca: string,
  url: string,
  name: string | undefined,
): GatewayIdentity {
  try {
    const parsed = new X509Certificate(certificate);
    if (!parsed.verify(new X509Certificate(ca).publicKey)) throw new Error('another authority');
    if (parsed.subjectAltName !== name) throw new Error('another name');
    return identityOf(certificate, key);
  } catch (cause) {
    throw new WatchpostError('identity.service_unreachable', {
      details: { url, found: 'a wrong certificate' },
      cause,
    });
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new WatchpostError('config.data_folder', { path: folder, cause });
  }
}
