import { randomBytes } from 'node:crypto';
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '../identity/x509.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;

export interface CertificateWanted {
  /** Hosts that it is for. */
  readonly hosts?: readonly ({ readonly dns: string } | { readonly ip: string })[];
  /** Who signs it; left out: it signs itself. */
  readonly issuer?: TestCertificate;
  readonly isAuthority?: boolean;
  /** Good from a day ago, for so long. */
  readonly lifeMs?: number;
}

/** A certificate with its key. For tests only. */
export class TestCertificate {
  readonly pem: string;
  readonly keyPem: string;
  readonly certificate: X509Certificate;
  readonly keys: CryptoKeyPair;

  private constructor(certificate: X509Certificate, keys: CryptoKeyPair, keyPem: string) {
    this.certificate = certificate;
    this.pem = certificate.toString('pem');
    this.keys = keys;
    this.keyPem = keyPem;
  }

  static async make(wanted: CertificateWanted = {}): Promise<TestCertificate> {
    const { hosts = [{ ip: '127.0.0.1' }], issuer, isAuthority = false, lifeMs = 2 * dayMs } = wanted;
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const notBefore = new Date(Date.now() - dayMs);
    const names = hosts.map((host) =>
      'ip' in host ? { type: 'ip' as const, value: host.ip } : { type: 'dns' as const, value: host.dns },
    );
    const certificate = await X509CertificateGenerator.create({
      serialNumber: randomBytes(8).toString('hex'),
      subject: [{ CN: [isAuthority ? 'test authority' : 'camera'] }],
      issuer: issuer
        ? issuer.certificate.subjectName.toJSON()
        : [{ CN: [isAuthority ? 'test authority' : 'camera'] }],
      notBefore,
      notAfter: new Date(notBefore.getTime() + lifeMs),
      publicKey: keys.publicKey,
      signingKey: (issuer?.keys ?? keys).privateKey,
      signingAlgorithm: algorithm,
      extensions: isAuthority
        ? [new BasicConstraintsExtension(true, undefined, true)]
        : [new SubjectAlternativeNameExtension(names)],
    });
    const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
    const body =
      Buffer.from(key)
        .toString('base64')
        .match(/.{1,64}/g) ?? [];
    const keyPem = ['-----BEGIN PRIVATE KEY-----', ...body, '-----END PRIVATE KEY-----', ''].join('\n');
    return new TestCertificate(certificate, keys, keyPem);
  }
}
