import { WatchpostError } from '@watchpost/contracts/errors';
import { Pkcs10CertificateRequest, type PublicKey } from './x509.ts';

/**
 * What of a certificate request (PKCS #10, RFC 2986) is used: nothing else of it gets into the certificate.
 */
export interface CheckedRequest {
  readonly publicKey: PublicKey;
  /** SHA-256 of the public key (SubjectPublicKeyInfo), hexadecimal. */
  readonly publicKeySha256: string;
}

/** One block, nothing before and after. */
const requestPem =
  /^-----BEGIN CERTIFICATE REQUEST-----\r?\n[A-Za-z0-9+/=\r\n]{1,4000}-----END CERTIFICATE REQUEST-----\r?\n?$/;

const refused = (fault: string, cause?: unknown) =>
  new WatchpostError('identity.request_refused', { path: '/request', details: { fault }, cause });

/**
 * Checks that a request is for this gateway, with a key on P-256, and signed by that key: whoever sent it
 * holds the key (proof of possession).
 * @throws WatchpostError `identity.request_refused`
 */
export async function checkCertificateRequest(pem: string, gateway: string): Promise<CheckedRequest> {
  if (!requestPem.test(pem)) throw refused('not_pem');
  let request: Pkcs10CertificateRequest;
  try {
    request = new Pkcs10CertificateRequest(pem);
    if (request.subject !== `CN=${gateway}`) throw refused('name');
    const { name, namedCurve } = request.publicKey.algorithm as { name?: string; namedCurve?: string };
    if (name !== 'ECDSA' || namedCurve !== 'P-256') throw refused('key');
    const { signatureAlgorithm } = request;
    if (signatureAlgorithm.name !== 'ECDSA' || signatureAlgorithm.hash.name !== 'SHA-256')
      throw refused('algorithm');
    if (!(await request.verify())) throw refused('signature');
    const digest = await request.publicKey.getThumbprint('SHA-256');
    return { publicKey: request.publicKey, publicKeySha256: Buffer.from(digest).toString('hex') };
  } catch (cause) {
    throw cause instanceof WatchpostError ? cause : refused('malformed', cause);
  }
}
