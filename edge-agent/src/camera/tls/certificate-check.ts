import { createHash, type X509Certificate } from 'node:crypto';
import type { ErrorCode } from '@watchpost/contracts/errors';

/** How the certificate of a camera is judged; see `cameraTlsSchema`. */
export type CertificateCheck =
  /** By the authorities of the system and those of `authority` (PEM), for the host of the address. */
  | { readonly by: 'authorities'; readonly authority?: string }
  | { readonly by: 'pin'; readonly pin: string }
  | { readonly by: 'nothing' };

/** What a camera showed, and what the TLS library says of it. */
export interface ShownCertificate {
  /** undefined when it showed none. */
  readonly pin: string | undefined;
  /** Code of what is wrong by the authorities or with the host; undefined when nothing is. */
  readonly problem: string | undefined;
}

/** The key of a certificate as a pin: `sha256/` and the digest of its public key (RFC 7469 §2.4). */
export function pinOf(certificate: X509Certificate): string {
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return `sha256/${createHash('sha256').update(key).digest('base64')}`;
}

/** Why a certificate is not accepted; undefined when it is. */
export function judgeCertificate(check: CertificateCheck, shown: ShownCertificate): ErrorCode | undefined {
  if (check.by === 'nothing') return undefined;
  if (shown.pin === undefined) return 'edge.camera_certificate_unknown';
  // Whoever holds the pinned key is the camera, whatever the rest of its certificate says.
  if (check.by === 'pin') return shown.pin === check.pin ? undefined : 'edge.camera_certificate_changed';
  switch (shown.problem) {
    case undefined:
      return undefined;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'edge.camera_certificate_name';
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return 'edge.camera_certificate_expired';
    default:
      return 'edge.camera_certificate_unknown';
  }
}

/** Whether a code is one of {@link judgeCertificate}: then trying again does not help by itself. */
export function isCertificateRefusal(code: ErrorCode): boolean {
  return code.startsWith('edge.camera_certificate_');
}
