import type { Logger } from 'pino';
import type { EdgeAgentConfig } from '../config.ts';
import { CertificateWatch, type CertificateWatchOptions } from './certificate-watch.ts';
import { renewGateway } from './claim-gateway.ts';
import { checkName, readIdentity } from './identity-file.ts';

/**
 * Watches the certificate of the configuration, if there is one. It is judged by the gateway's own clock, as
 * TLS does.
 * @throws WatchpostError `config.invalid` for files that cannot be used, or that are another gateway's
 */
export function watchCertificate(
  { broker, site, gateway }: EdgeAgentConfig,
  log: Logger,
  events: Pick<CertificateWatchOptions, 'onChanged' | 'onHealth'>,
): CertificateWatch | undefined {
  const { certFile, keyFile, caFile, renewUrl } = broker;
  if (certFile === undefined || keyFile === undefined) return undefined;
  checkName(readIdentity(certFile, keyFile), site, gateway);
  const renew =
    renewUrl === undefined || caFile === undefined
      ? undefined
      : () => renewGateway({ ca: caFile, gateway: certFile }, renewUrl);
  return new CertificateWatch({
    certFile,
    keyFile,
    renew,
    log,
    now: Date.now,
    random: Math.random,
    ...events,
  });
}
