import {
  alternativeNames,
  backdatedMs,
  type KeyedCertificate,
  keyOf,
  keyPem,
  newKeys,
  newSerial,
  pem,
} from '../authority/certificate-parts.ts';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  signingAlgorithm,
  X509Certificate,
  X509CertificateGenerator,
} from '../authority/x509.ts';
import { certificatePolicy } from '../policy.ts';
import { nameConstraints } from './name-constraints.ts';
import { inFull } from './name-form.ts';

/**
 * The root that people’s browsers are told to trust: P-256, for web servers of these names alone. It is not
 * the authority of gateways, which is never installed on a phone.
 */
export class WebRoot {
  /** What it may certify. */
  readonly names: readonly string[];
  readonly certificatePem: string;
  readonly #certificate: X509Certificate;
  readonly #key: CryptoKey;

  private constructor(certificate: X509Certificate, key: CryptoKey) {
    const alternatives = certificate.getExtension(SubjectAlternativeNameExtension);
    this.names = (alternatives?.names.toJSON() ?? []).map(({ value }) => value);
    this.certificatePem = pem(certificate);
    this.#certificate = certificate;
    this.#key = key;
  }

  /** A new root. Its private key is returned beside it, for the file that the server keeps. */
  static async create(
    names: readonly string[],
    nowMs: number,
  ): Promise<{ readonly root: WebRoot; readonly keyPem: string }> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: newSerial(),
      name: [{ CN: [`Watchpost ${names[0] ?? ''}`.slice(0, 64)] }],
      notBefore: new Date(nowMs - backdatedMs(certificatePolicy.authorityLifeMs)),
      notAfter: new Date(nowMs + certificatePolicy.authorityLifeMs),
      keys,
      signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        nameConstraints(names),
        // For people, and for us: constraints are hard to read.
        new SubjectAlternativeNameExtension(alternativeNames(names)),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return { root: new WebRoot(certificate, keys.privateKey), keyPem: await keyPem(keys.privateKey) };
  }

  /**
   * A root from its files.
   * @throws Error when they are not the certificate and key of one
   */
  static async open(certificatePem: string, privateKeyPem: string): Promise<WebRoot> {
    const certificate = new X509Certificate(certificatePem);
    return new WebRoot(certificate, await keyOf(certificate, privateKeyPem));
  }

  /** Which of these names the root does not cover. */
  uncovered(names: readonly string[]): readonly string[] {
    const covered = new Set(this.names.map(inFull));
    return names.filter((name) => !covered.has(inFull(name)));
  }

  /** A certificate of a web server, with a new key. */
  async issue(names: readonly string[], lifeMs: number, nowMs: number): Promise<KeyedCertificate> {
    const keys = await newKeys();
    const serialNumber = newSerial();
    const notBefore = new Date(nowMs - backdatedMs(lifeMs));
    const notAfter = new Date(Math.min(nowMs + lifeMs, this.#certificate.notAfter.getTime()));
    const certificate = await X509CertificateGenerator.create({
      serialNumber,
      subject: [{ CN: [(names[0] ?? '').slice(0, 64)] }],
      issuer: this.#certificate.subjectName,
      notBefore,
      notAfter,
      signingKey: this.#key,
      publicKey: keys.publicKey,
      signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(alternativeNames(names)),
        await AuthorityKeyIdentifierExtension.create(this.#certificate.publicKey),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return {
      pem: pem(certificate),
      serial: serialNumber.toUpperCase(),
      notBeforeMs: notBefore.getTime(),
      notAfterMs: notAfter.getTime(),
      keyPem: await keyPem(keys.privateKey),
    };
  }
}
