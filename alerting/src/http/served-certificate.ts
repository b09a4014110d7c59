import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Server as TlsServer } from 'node:tls';
import type { ComponentHealth } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { readTlsFiles } from '@watchpost/service';
import type { Logger } from 'pino';
import { certificateWatchPolicy } from './policy.ts';

/** Files of the certificate that browsers see. */
export interface CertificateFiles {
  /** PEM; key and certificate may be one file. */
  readonly certFile: string;
  readonly keyFile: string;
  /** The root that people install, PEM: `GET /ca.crt`. */
  readonly rootFile?: string | undefined;
}

/** What TLS takes. */
export interface KeyedCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** What tells that a file was changed. */
function traceOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.mtimeMs} ${found.size}` : '';
}

/**
 * The certificate of our listeners. It is renewed while they run, by us or by somebody else: the files are
 * looked at again and again, and what is good takes the place of what is served. What is not is told, and the
 * one before stays.
 */
export class ServedCertificate {
  readonly #files: CertificateFiles;
  readonly #logger: Logger;
  readonly #nowMs: () => number;
  readonly #servers = new Set<Pick<TlsServer, 'setSecureContext'>>();
  #keyed: KeyedCertificate;
  #trace: string;
  #endsMs: number;
  #fault: WatchpostError | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(
    files: CertificateFiles,
    first: { readonly keyed: KeyedCertificate; readonly trace: string; readonly endsMs: number },
    { logger, nowMs }: { readonly logger: Logger; readonly nowMs: () => number },
  ) {
    this.#files = files;
    this.#keyed = first.keyed;
    this.#trace = first.trace;
    this.#endsMs = first.endsMs;
    this.#logger = logger;
    this.#nowMs = nowMs;
  }

  /** @throws WatchpostError `config.invalid`, `config.secret_readable` */
  static async open(
    files: CertificateFiles,
    around: { readonly logger: Logger; readonly nowMs: () => number },
  ): Promise<ServedCertificate> {
    return new ServedCertificate(files, await read(files), around);
  }

  get keyed(): KeyedCertificate {
    return this.#keyed;
  }

  /** The root for `GET /ca.crt`, DER (RFC 2585 §4.1); nothing where it is somebody else’s. */
  root(): Buffer | undefined {
    const { rootFile } = this.#files;
    return rootFile === undefined ? undefined : new X509Certificate(readFileSync(rootFile)).raw;
  }

  /** From now on the server gets each new certificate. */
  follow(server: Pick<TlsServer, 'setSecureContext'>): void {
    this.#servers.add(server);
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.look(), certificateWatchPolicy.everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Takes over what the files hold now, if they changed and it is good. */
  async look(): Promise<void> {
    if (tracesOf(this.#files) === this.#trace) return;
    try {
      const found = await read(this.#files);
      for (const server of this.#servers) server.setSecureContext(found.keyed);
      this.#keyed = found.keyed;
      this.#endsMs = found.endsMs;
      this.#trace = found.trace;
      this.#fault = undefined;
      this.#logger.info({ until: new Date(found.endsMs).toISOString() }, 'web certificate read again');
    } catch (cause) {
      const fault = new WatchpostError('tls.certificate_unusable', { cause });
      if (!this.#fault)
        this.#logger.error({ err: cause, code: fault.code }, 'web certificate not read again');
      this.#fault = fault;
    }
  }

  /** For the health page: whether it can be used, and how long. */
  health(): ComponentHealth {
    const leftMs = this.#endsMs - this.#nowMs();
    const details = { until: new Date(this.#endsMs).toISOString() };
    if (leftMs <= 0) return { status: 'down', error: 'tls.certificate_expired', details };
    if (this.#fault) return { status: 'degraded', error: this.#fault.code, details };
    if (leftMs < certificateWatchPolicy.tellBeforeMs)
      return { status: 'degraded', error: 'tls.certificate_ends', details };
    return { status: 'ok', details };
  }
}

const tracesOf = ({ certFile, keyFile }: CertificateFiles): string =>
  `${traceOf(certFile)} ${traceOf(keyFile)}`;

async function read(files: CertificateFiles) {
  // Before: what is changed while it is read is read again.
  const trace = tracesOf(files);
  const { cert, key } = await readTlsFiles(files);
  return { keyed: { cert, key }, trace, endsMs: new X509Certificate(cert).validToDate.getTime() };
}
