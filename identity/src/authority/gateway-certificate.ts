import { gatewayUri, reservedGatewayIds, topicLevelPattern } from '@watchpost/contracts/wire';

/** What a client certificate says that TLS has already found to be signed by the listener’s authority. */
export interface PeerCertificate {
  /** One line `TYPE=value` per part of the name. */
  readonly subject: string;
  /** As Node writes it, `URI:…, DNS:…`. */
  readonly subjectAltName: string;
  /** Object identifiers of the extended key usage. */
  readonly usages: readonly string[];
  /** Whether it may sign other certificates. */
  readonly authority: boolean;
  /** Hexadecimal; compare with {@link plainSerial}. */
  readonly serial: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Site of the authority that signed it, where the listener believes several. */
  readonly site?: string;
}

/** Extended key usages (RFC 5280 §4.2.1.12). */
const clientAuth = '1.3.6.1.5.5.7.3.2';
const serverAuth = '1.3.6.1.5.5.7.3.1';

/** Why a certificate is nobody’s here. */
export type CertificateFault = 'name' | 'site' | 'usage' | 'not_yet_valid' | 'expired';

/** Serial numbers are written with and without leading zeros, in both cases. */
export const plainSerial = (serial: string): string => serial.toUpperCase().replace(/^0+(?=.)/, '');

/**
 * The gateway whose certificate this is. It must be made for this: the common name is the gateway and nothing
 * else, the only alternative name is the gateway’s URI with the site, and it may serve clients only. So
 * neither another site’s gateway, nor a server’s certificate, nor an authority’s own, is a gateway, although
 * the same authority signed it.
 */
export function gatewayOfCertificate(
  certificate: PeerCertificate,
  site: string,
  nowMs: number,
): { readonly gateway: string } | { readonly fault: CertificateFault } {
  const { subject, subjectAltName, usages, authority, notBeforeMs, notAfterMs } = certificate;
  const gateway = subject.startsWith('CN=') ? subject.slice(3) : '';
  if (!topicLevelPattern.test(gateway) || reservedGatewayIds.includes(gateway)) return { fault: 'name' };
  if (subjectAltName !== `URI:${gatewayUri(site, gateway)}`) return { fault: 'site' };
  if (authority || !usages.includes(clientAuth) || usages.includes(serverAuth)) return { fault: 'usage' };
  // A resumed TLS session does not look at the times again.
  if (nowMs < notBeforeMs) return { fault: 'not_yet_valid' };
  return nowMs < notAfterMs ? { gateway } : { fault: 'expired' };
}
