import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { WatchpostError } from '@watchpost/contracts/errors';
import { makeWebRoot, renewWebCertificate, webFolder } from '@watchpost/identity/web';
import type { Logger } from 'pino';
import { certifiedNames } from '../init/host-names.ts';
import { ownCertificatePolicy } from '../policy.ts';
import type { ServerPaths } from '../server/server-paths.ts';

/** What the certificates of a server are for. */
export interface OwnCertificatesOptions {
  readonly paths: ServerPaths;
  /** Names and addresses of the server. */
  readonly names: readonly string[];
  /** The web certificate is the server’s own. */
  readonly web: boolean;
  /** Sites whose authorities certify the broker’s port for gateways. */
  readonly sites: readonly string[];
  readonly logger: Logger;
  readonly nowMs: () => number;
  /** The certificate for gateways was renewed: who serves it reads it again. */
  readonly onGateways: () => void;
}

const dayMs = 24 * 3_600_000;

/**
 * The certificates that a server makes for itself: made where they are missing, renewed while it runs. Who
 * serves the web certificate notices by itself.
 */
export class OwnCertificates {
  readonly #options: OwnCertificatesOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OwnCertificatesOptions) {
    this.#options = options;
  }

  /**
   * @throws WatchpostError `config.data_folder`, `config.secret_readable`, and `tls.names_not_covered` where
   *   there is no certificate yet
   */
  async start(): Promise<void> {
    const { web, paths } = this.#options;
    const isServed = existsSync(webFolder(paths.web).server);
    try {
      await this.#renew();
    } catch (error) {
      // What is there goes on: its end is told by who serves it.
      if (!web || !isServed) throw error;
      this.#failed(error);
    }
    this.#timer = setInterval(
      () => void this.#renew().catch((error: unknown) => this.#failed(error)),
      ownCertificatePolicy.lookEveryMs,
    ).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #failed(error: unknown): void {
    const known = error instanceof WatchpostError ? error : undefined;
    this.#options.logger.error(
      { code: known?.code, details: known?.details, err: known ? undefined : error },
      'a certificate of this server could not be renewed',
    );
  }

  async #renew(): Promise<void> {
    const { sites, paths } = this.#options;
    let renewed = false;
    for (const site of sites) renewed = (await this.#renewForGateways(paths.authority(site))) || renewed;
    if (renewed) this.#options.onGateways();
    // Last: it may refuse the names, which hold for gateways all the same.
    await this.#renewForBrowsers();
  }

  async #renewForBrowsers(): Promise<void> {
    const { web, paths, names, nowMs } = this.#options;
    if (!web) return;
    await makeWebRoot(paths.web, certifiedNames(names), nowMs());
    await renewWebCertificate(paths.web, certifiedNames(names), nowMs());
  }

  async #renewForGateways(folder: string): Promise<boolean> {
    const { names, nowMs } = this.#options;
    const { lifeDays, renewDays } = ownCertificatePolicy;
    const wanted = certifiedNames(names);
    const found = certificateIn(`${folder}/server.pem`);
    const isForNames = found !== undefined && wanted.every((name) => isNamed(found, name));
    if (isForNames && found.validToDate.getTime() - nowMs() > renewDays * dayMs) return false;
    // Loaded when one is made: it brings X.509 and a server with it, which the supervisor does not need.
    const { issueServerCertificate } = await import('@watchpost/identity/authority');
    await issueServerCertificate(folder, wanted, lifeDays * dayMs, nowMs());
    return true;
  }
}

const isNamed = (certificate: X509Certificate, name: string): boolean =>
  (/^[\d.]+$|:/.test(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined;

function certificateIn(path: string): X509Certificate | undefined {
  try {
    return new X509Certificate(readFileSync(path));
  } catch {
    return undefined;
  }
}
