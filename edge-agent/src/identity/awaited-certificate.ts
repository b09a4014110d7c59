import { existsSync } from 'node:fs';
import type { CertificateHealth } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { CertificateWatch } from './certificate-watch.ts';
import { certificatePolicy } from './policy.ts';

/** A certificate that is kept fresh, or will be once it is there. */
export interface WatchedCertificate {
  /** undefined while there is none. */
  readonly health: CertificateHealth | undefined;
  start(): void;
  stop(): void;
}

/**
 * The certificate of a gateway that runs on the server’s computer: the server has it claimed at the door,
 * which may take a while. Until then it is looked for again and again.
 */
export class AwaitedCertificate implements WatchedCertificate {
  readonly #file: string;
  readonly #open: () => CertificateWatch;
  readonly #log: Logger;
  #watch: CertificateWatch | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param open watches it, once the file is there */
  constructor(file: string, open: () => CertificateWatch, log: Logger) {
    this.#file = file;
    this.#open = open;
    this.#log = log;
  }

  get health(): CertificateHealth | undefined {
    return this.#watch?.health;
  }

  start(): void {
    this.#look();
    if (!this.#watch) this.#timer = setInterval(() => this.#look(), certificatePolicy.awaitEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#watch?.stop();
  }

  #look(): void {
    if (!existsSync(this.#file)) return;
    try {
      this.#watch = this.#open();
    } catch (error) {
      // It is being replaced, or somebody must see to it: the door will not know the gateway.
      this.#log.warn({ err: error }, 'certificate cannot be used');
      return;
    }
    clearInterval(this.#timer);
    this.#watch.start();
  }
}
