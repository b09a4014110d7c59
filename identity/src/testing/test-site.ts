import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayUri } from '@watchpost/contracts/wire';
import { authorityFolder } from '../authority/authority-files.ts';
import { createAuthority, issueServerCertificate } from '../authority/authority-folder.ts';
import { checkCertificateRequest } from '../authority/certificate-request.ts';
import type { SiteAuthority } from '../authority/site-authority.ts';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  signingAlgorithm,
  X509Certificate,
  X509CertificateGenerator,
} from '../authority/x509.ts';
import type { ClaimService } from '../claims/claim-service.ts';

export { ExtendedKeyUsage };

const dayMs = 24 * 3_600_000;

/** A certificate and its key as TLS takes them. */
export interface Keyed {
  readonly cert: string;
  readonly key: string;
}

/** A key pair of its own with the request for a certificate. */
export async function newRequest(
  name: string,
  algorithm: EcKeyGenParams | RsaHashedKeyGenParams | Algorithm = signingAlgorithm,
): Promise<{ readonly request: string; readonly key: string }> {
  const keys = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: { hash: 'SHA-256', ...algorithm },
  });
  return { request: `${csr.toString('pem')}\n`, key: await pemOf(keys.privateKey) };
}

async function pemOf(key: CryptoKey): Promise<string> {
  const base64 = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${base64.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
}

/** For tests: a site’s authority in a folder of its own, with a server certificate for this computer. */
export class TestSite {
  readonly folder: string;
  readonly authority: SiteAuthority;
  readonly files: ReturnType<typeof authorityFolder>;

  private constructor(folder: string, authority: SiteAuthority) {
    this.folder = folder;
    this.authority = authority;
    this.files = authorityFolder(folder);
  }

  static async create(site = 'demo'): Promise<TestSite> {
    const folder = await mkdtemp(join(tmpdir(), 'watchpost-authority-'));
    const authority = await createAuthority(folder, site, Date.now());
    await issueServerCertificate(folder, ['localhost', '127.0.0.1'], dayMs, Date.now());
    return new TestSite(folder, authority);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  get ca(): string {
    return this.authority.certificatePem;
  }

  /** `tls` of a listener. */
  get tls() {
    return { certFile: this.files.serverCertificate, keyFile: this.files.serverKey };
  }

  get mutualTls() {
    return { ...this.tls, clientCaFile: this.files.certificate };
  }

  /** What a gateway gets, good for `lifeMs` from `nowMs` on. */
  async gateway(
    name: string,
    lifeMs = dayMs,
    nowMs = Date.now(),
  ): Promise<Keyed & { readonly serial: string }> {
    const { request, key } = await newRequest(name);
    const checked = await checkCertificateRequest(request, name);
    const { pem, serial } = await this.authority.issueGateway(name, checked, lifeMs, nowMs);
    return { cert: pem, key, serial };
  }

  /** A certificate that the authority’s key signs although no command of ours would make it. */
  async crafted(
    authorityKey: string,
    {
      name = 'gw1',
      uri = gatewayUri(this.authority.site, name),
      usages = [ExtendedKeyUsage.clientAuth],
      authority = false,
    }: { name?: string; uri?: string; usages?: string[]; authority?: boolean },
  ): Promise<Keyed> {
    const der = Buffer.from(authorityKey.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
    const signingKey = await crypto.subtle.importKey('pkcs8', der, signingAlgorithm, false, ['sign']);
    const keys = await crypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
    const certificate = await X509CertificateGenerator.create({
      serialNumber: '42',
      subject: [{ CN: [name] }],
      issuer: new X509Certificate(this.ca).subjectName,
      notBefore: new Date(Date.now() - 1000),
      notAfter: new Date(Date.now() + dayMs),
      signingKey,
      publicKey: keys.publicKey,
      signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(authority, undefined, true),
        ...(usages.length > 0 ? [new ExtendedKeyUsageExtension(usages)] : []),
        new SubjectAlternativeNameExtension([{ type: 'url', value: uri }]),
      ],
    });
    return { cert: `${certificate.toString('pem')}\n`, key: await pemOf(keys.privateKey) };
  }
}

/** One request to a claim service: status and body. */
export function ask(
  service: ClaimService,
  path: string,
  { body, ca, identity }: { body?: unknown; ca: string; identity?: Keyed },
): Promise<{ readonly status: number; readonly body: Record<string, string>; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: 'localhost',
        port: service.port,
        path,
        method: body === undefined ? 'GET' : 'POST',
        ca,
        ...identity,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, string>) : {};
          resolve({ status: response.statusCode ?? 0, body: json, text });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.setHeader('content-type', 'application/json');
    outgoing.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}
