import type { TLSSocket } from 'node:tls';
import type { PeerCertificate } from './gateway-certificate.ts';
import type { TrustedAuthorities } from './trusted-authorities.ts';

/**
 * The client’s certificate, if there is one that an authority of the listener signed; with the site of that
 * authority where they are given.
 */
export function peerCertificate(
  socket: TLSSocket,
  authorities?: TrustedAuthorities,
): PeerCertificate | undefined {
  if (!socket.authorized) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return undefined;
  const site = authorities?.siteOf(certificate);
  return {
    ...(site === undefined ? {} : { site }),
    subject: certificate.subject ?? '',
    subjectAltName: certificate.subjectAltName ?? '',
    usages: certificate.keyUsage ?? [],
    authority: certificate.ca,
    serial: certificate.serialNumber,
    notBeforeMs: certificate.validFromDate.getTime(),
    notAfterMs: certificate.validToDate.getTime(),
  };
}
