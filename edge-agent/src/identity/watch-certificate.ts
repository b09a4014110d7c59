import type { Logger } from 'pino';
import type { EdgeAgentConfig } from '../config.ts';
import { AwaitedCertificate, type WatchedCertificate } from './awaited-certificate.ts';
import { CertificateWatch, type CertificateWatchOptions } from './certificate-watch.ts';
import { renewGateway } from './claim-gateway.ts';
import { checkName, readIdentity } from './identity-file.ts';

type Events = Pick<CertificateWatchOptions, 'onChanged' | 'onHealth'>;

/**
 * Watches the certificate of the configuration, if there is one. It is judged by the gateway's own clock, as
 * TLS does.
 * @throws WatchpostError `config.invalid` for files that cannot be used, or that are another gateway's
 */
export function watchCertificate(
  config: EdgeAgentConfig,
  log: Logger,
  events: Events,
): WatchedCertificate | undefined {
  const { broker, told } = config;
  if (told?.local) {
    const { caFile: ca, certFile: gateway } = told.local;
    const files = { certFile: gateway, keyFile: gateway };
    // The broker knows it by a password: no connection is made anew.
    const quiet = { ...events, onChanged: () => undefined };
    const open = () => watch(config, files, () => renewGateway({ ca, gateway }, told.door), log, quiet);
    return new AwaitedCertificate(gateway, open, log);
  }
  const { certFile, keyFile, caFile, renewUrl } = broker;
  if (certFile === undefined || keyFile === undefined) return undefined;
  const renew =
    renewUrl === undefined || caFile === undefined
      ? undefined
      : () => renewGateway({ ca: caFile, gateway: certFile }, renewUrl);
  return watch(config, { certFile, keyFile }, renew, log, events);
}

function watch(
  { site, gateway }: Pick<EdgeAgentConfig, 'site' | 'gateway'>,
  files: Pick<CertificateWatchOptions, 'certFile' | 'keyFile'>,
  renew: (() => Promise<unknown>) | undefined,
  log: Logger,
  events: Events,
): CertificateWatch {
  checkName(readIdentity(files.certFile, files.keyFile), site, gateway);
  return new CertificateWatch({ ...files, renew, log, now: Date.now, random: Math.random, ...events });
}
