import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import type { CertificateHealth } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { monotonicMs } from '../clock/boot-clock.ts';
import { type GatewayIdentity, readIdentity } from './identity-file.ts';
import { certificatePolicy } from './policy.ts';
import { certificateHealth, renewalDueMs, retryDelayMs } from './renewal-schedule.ts';

export interface CertificateWatchOptions {
  readonly certFile: string;
  readonly keyFile: string;
  /** Has a new certificate made and puts it in the file; absent: somebody else does. */
  readonly renew?: (() => Promise<unknown>) | undefined;
  /** Longest time between two looks at the file; default {@link certificatePolicy}. */
  readonly lookEveryMs?: number;
  readonly log: Logger;
  /** Milliseconds since the epoch, for how old the certificate is. */
  now(): number;
  /** For the pause after a failure; by default the machine's, which nobody sets. */
  monotonicMs?(): number;
  /** 0…1 */
  random(): number;
  /** Another certificate lies in the file: the next connection uses it. */
  onChanged(): void;
  /** What {@link CertificateWatch.health} says has changed. */
  onHealth(): void;
}

/**
 * Keeps the gateway’s certificate fresh: renews it in time, tries again when that fails, and notices when
 * somebody else has replaced the file. The old certificate is used until a new one lies there whole.
 */
export class CertificateWatch {
  readonly #options: CertificateWatchOptions;
  #identity: GatewayIdentity;
  /** Fixed for the life of one certificate. */
  #jitter: number;
  #failures = 0;
  #error: ErrorCode | undefined;
  /** By the monotonic clock. */
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #said: string;
  #timer: NodeJS.Timeout | undefined;
  #stopped = true;

  /** @throws WatchpostError `config.invalid` when there is no certificate with its key */
  constructor(options: CertificateWatchOptions) {
    this.#options = options;
    this.#identity = readIdentity(options.certFile, options.keyFile);
    this.#jitter = options.random();
    this.#said = this.health.status;
  }

  get health(): CertificateHealth {
    return certificateHealth(this.#identity, this.#error, this.#options.now());
  }

  start(): void {
    this.#stopped = false;
    this.#next();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #next(): void {
    const { renew, lookEveryMs = certificatePolicy.lookEveryMs } = this.#options;
    const untilDueMs = renew ? Math.max(certificatePolicy.shortestWaitMs, this.#untilDueMs()) : lookEveryMs;
    const waitMs = Math.min(lookEveryMs, untilDueMs);
    this.#timer = setTimeout(() => void this.#look().finally(() => this.#stopped || this.#next()), waitMs);
  }

  /**
   * How long until a renewal is due: by the certificate’s age, and not before the pause after a failure is
   * over.
   */
  #untilDueMs(): number {
    const byAgeMs = renewalDueMs(this.#identity, this.#jitter) - this.#options.now();
    return Math.max(byAgeMs, this.#pausedUntilMs - this.#monotonicMs());
  }

  #monotonicMs(): number {
    return this.#options.monotonicMs?.() ?? monotonicMs();
  }

  async #look(): Promise<void> {
    const { renew, log } = this.#options;
    this.#reread();
    if (renew && this.#untilDueMs() <= 0) {
      try {
        await renew();
        this.#reread();
        log.info({ serial: this.#identity.serial, expires: this.health.expires }, 'certificate renewed');
      } catch (error) {
        this.#failed(error);
      }
    }
    const { status } = this.health;
    if (status === this.#said) return;
    this.#said = status;
    if (status !== 'ok')
      log.warn({ status, code: this.#error, expires: this.health.expires }, 'certificate not fresh');
    if (!this.#stopped) this.#options.onHealth();
  }

  #failed(error: unknown): void {
    const { now, random, log } = this.#options;
    this.#error = error instanceof WatchpostError ? error.code : 'identity.service_unreachable';
    this.#failures++;
    const delayMs = Math.round(retryDelayMs(this.#identity, this.#failures, now(), random()));
    this.#pausedUntilMs = this.#monotonicMs() + delayMs;
    log.warn({ code: this.#error, failures: this.#failures, delayMs }, 'certificate not renewed');
  }

  /** Takes what lies in the file now. A file that cannot be read leaves what is known. */
  #reread(): void {
    const { certFile, keyFile, random, onChanged } = this.#options;
    let found: GatewayIdentity;
    try {
      found = readIdentity(certFile, keyFile);
    } catch (error) {
      if (error instanceof WatchpostError) this.#error = error.code;
      return;
    }
    if (this.#error === 'config.invalid') this.#error = undefined; // it could not be read before
    if (found.serial === this.#identity.serial) return;
    this.#identity = found;
    this.#jitter = random();
    this.#failures = 0;
    this.#error = undefined;
    this.#pausedUntilMs = Number.NEGATIVE_INFINITY;
    if (!this.#stopped) onChanged();
  }
}
