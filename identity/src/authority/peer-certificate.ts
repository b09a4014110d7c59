import type { TLSSocket } from 'node:tls';
import type { PeerCertificate } from './gateway-certificate.ts';

/** The client’s certificate, if there is one that the listener’s authority signed. */
export function peerCertificate(socket: TLSSocket): PeerCertificate | undefined {
  if (!socket.authorized) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return undefined;
  return {
    subject: certificate.subject ?? '',
    subjectAltName: certificate.subjectAltName ?? '',
    usages: certificate.keyUsage ?? [],
    authority: certificate.ca,
    serial: certificate.serialNumber,
    notBeforeMs: certificate.validFromDate.getTime(),
    notAfterMs: certificate.validToDate.getTime(),
  };
}
