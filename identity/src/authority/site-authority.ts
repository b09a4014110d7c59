import { createHash } from 'node:crypto';
import { gatewayUri, siteIdSchema } from '@watchpost/contracts/wire';
import { certificatePolicy } from '../policy.ts';
import {
  alternativeNames,
  backdatedMs,
  type IssuedCertificate,
  type KeyedCertificate,
  keyOf,
  keyPem,
  newKeys,
  newSerial,
  pem,
} from './certificate-parts.ts';
import type { CheckedRequest } from './certificate-request.ts';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  type PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  signingAlgorithm,
  X509Certificate,
  X509CertificateGenerator,
} from './x509.ts';

/** The site’s own certificate authority: P-256, one level, for gateways and the site’s servers only. */
export class SiteAuthority {
  readonly site: string;
  readonly certificatePem: string;
  readonly #certificate: X509Certificate;
  readonly #key: CryptoKey;

  private constructor(site: string, certificate: X509Certificate, key: CryptoKey) {
    this.site = site;
    this.certificatePem = pem(certificate);
    this.#certificate = certificate;
    this.#key = key;
  }

  /**
   * A new authority for ten years. Its private key is returned beside it, for the file that the operator
   * keeps.
   */
  static async create(
    site: string,
    nowMs: number,
  ): Promise<{ readonly authority: SiteAuthority; readonly keyPem: string }> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: newSerial(),
      name: [{ CN: [`Watchpost ${site}`] }],
      notBefore: new Date(nowMs - backdatedMs(certificatePolicy.authorityLifeMs)),
      notAfter: new Date(nowMs + certificatePolicy.authorityLifeMs),
      keys,
      signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        new SubjectAlternativeNameExtension([{ type: 'url', value: siteUri(site) }]),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    const authority = new SiteAuthority(site, certificate, keys.privateKey);
    return { authority, keyPem: await keyPem(keys.privateKey) };
  }

  /**
   * An authority from its files.
   * @throws Error when they are not the certificate and key of a site’s authority
   */
  static async open(certificatePem: string, privateKeyPem: string): Promise<SiteAuthority> {
    const certificate = new X509Certificate(certificatePem);
    const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.toJSON() ?? [];
    const site = siteIdSchema.parse(
      names.find(({ type }) => type === 'url')?.value.slice(siteUri('').length),
    );
    const key = await keyOf(certificate, privateKeyPem);
    return new SiteAuthority(site, certificate, key);
  }

  /** SHA-256 of the certificate (DER), base64url: what a claim code pins. */
  get fingerprint(): string {
    return createHash('sha256').update(Buffer.from(this.#certificate.rawData)).digest('base64url');
  }

  /** A gateway’s certificate for the key of a checked request, good for `lifeMs`, for clients only. */
  issueGateway(
    gateway: string,
    { publicKey }: CheckedRequest,
    lifeMs: number,
    nowMs: number,
  ): Promise<IssuedCertificate> {
    return this.#issue(publicKey, gateway, [{ type: 'url', value: gatewayUri(this.site, gateway) }], {
      usage: ExtendedKeyUsage.clientAuth,
      lifeMs,
      nowMs,
    });
  }

  /** A server’s certificate with a new key, for names and addresses. */
  async issueServer(hosts: readonly string[], lifeMs: number, nowMs: number): Promise<KeyedCertificate> {
    const keys = await newKeys();
    const names = alternativeNames(hosts);
    const usage = ExtendedKeyUsage.serverAuth;
    const issued = await this.#issue(keys.publicKey, hosts[0] ?? '', names, { usage, lifeMs, nowMs });
    return { ...issued, keyPem: await keyPem(keys.privateKey) };
  }

  async #issue(
    publicKey: PublicKey | CryptoKey,
    commonName: string,
    names: readonly { readonly type: 'url' | 'dns' | 'ip'; readonly value: string }[],
    { usage, lifeMs, nowMs }: { usage: ExtendedKeyUsage; lifeMs: number; nowMs: number },
  ): Promise<IssuedCertificate> {
    const serialNumber = newSerial();
    const notBefore = new Date(nowMs - backdatedMs(lifeMs));
    const notAfter = new Date(Math.min(nowMs + lifeMs, this.#certificate.notAfter.getTime()));
    const certificate = await X509CertificateGenerator.create({
      serialNumber,
      subject: [{ CN: [commonName] }],
      issuer: this.#certificate.subjectName,
      notBefore,
      notAfter,
      signingKey: this.#key,
      publicKey,
      signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usage]),
        new SubjectAlternativeNameExtension([...names]),
        await AuthorityKeyIdentifierExtension.create(this.#certificate.publicKey),
        await SubjectKeyIdentifierExtension.create(publicKey),
      ],
    });
    return {
      pem: pem(certificate),
      serial: serialNumber.toUpperCase(),
      notBeforeMs: notBefore.getTime(),
      notAfterMs: notAfter.getTime(),
    };
  }
}

/** The alternative name of an authority. */
const siteUri = (site: string): string => `watchpost://${site}`;
