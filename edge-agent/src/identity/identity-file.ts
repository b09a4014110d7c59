import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { WatchpostError } from '@watchpost/contracts/errors';
import { gatewayUri } from '@watchpost/contracts/wire';
import { readSecretFile, replaceSecretFile } from '@watchpost/service';
import type { Validity } from './renewal-schedule.ts';

/** A gateway’s certificate with its key, PEM. Secret. */
export interface GatewayIdentity extends Validity {
  readonly certificate: string;
  readonly key: string;
  /** Hexadecimal. */
  readonly serial: string;
}

const certificatePem = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n?/;
const keyPem = /-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----\n?/;

/** @throws Error when certificate and key cannot be read or do not belong together */
export function identityOf(certificate: string, key: string): GatewayIdentity {
  const parsed = new X509Certificate(certificate);
  if (!parsed.checkPrivateKey(createPrivateKey(key)))
    throw new Error('certificate and key do not belong together');
  return {
    certificate,
    key,
    serial: parsed.serialNumber,
    notBeforeMs: parsed.validFromDate.getTime(),
    notAfterMs: parsed.validToDate.getTime(),
  };
}

/**
 * Reads a file with certificate and key, or two files.
 * @throws WatchpostError `config.invalid`, without anything of their content
 */
export function readIdentity(certFile: string, keyFile: string = certFile): GatewayIdentity {
  try {
    const certificate = certificatePem.exec(readFileSync(certFile, 'utf8'))?.[0] ?? '';
    return identityOf(certificate, keyPem.exec(readSecretFile(keyFile).toString())?.[0] ?? '');
  } catch (error) {
    if (error instanceof WatchpostError && error.code === 'config.secret_readable') throw error;
    throw new WatchpostError('config.invalid', {
      path: '/broker/certFile',
      details: { file: certFile, expected: 'a certificate with its key, as PEM' },
    });
  }
}

/**
 * Refuses another gateway's certificate, with which nothing of ours could be published. One that is not of a
 * Watchpost authority is between its owner and the broker.
 * @throws WatchpostError `config.invalid`
 */
export function checkName({ certificate }: GatewayIdentity, site: string, gateway: string): void {
  const { subjectAltName } = new X509Certificate(certificate);
  if (
    !subjectAltName?.startsWith('URI:watchpost://') ||
    subjectAltName === `URI:${gatewayUri(site, gateway)}`
  )
    return;
  throw new WatchpostError('config.invalid', {
    path: '/broker/certFile',
    details: { expected: gatewayUri(site, gateway), found: subjectAltName },
  });
}

/** The file that {@link readIdentity} reads: the key, then the certificate. */
export function writeIdentity(
  path: string,
  { key, certificate }: Pick<GatewayIdentity, 'key' | 'certificate'>,
): void {
  replaceSecretFile(path, `${key.trimEnd()}\n${certificate.trimEnd()}\n`);
}
