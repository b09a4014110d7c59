import { createHash } from 'node:crypto';
import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import type { Frame } from '@watchpost/inference';
import { backoffMs } from '@watchpost/service';
import type { Logger } from 'pino';
import type { DeviceHealthRecord } from '../devices/device-health.ts';
import { DecoderChild } from './decoder-child.ts';
import type { CodesSeen, DecoderOrder, DecoderStatus } from './frame-wire.ts';
import { cameraPolicy } from './policy.ts';
import { isCertificateRefusal } from './tls/certificate-check.ts';

export interface CameraSourceOptions {
  /**
   * Read anew at each start of a decoder. @throws WatchpostError when it cannot be made now, as for a
   * password file that is missing
   */
  order(): DecoderOrder;
  /** Silence after which the decoder is killed and started anew. */
  readonly silentAfterMs: number;
  readonly health: DeviceHealthRecord;
  readonly log: Logger;
  /** Deadlines and waits that differ from the policy. */
  readonly timing?: Partial<typeof defaultTiming>;
  /** Works on one frame; the next comes only after it has settled. The pixels are valid until then. */
  onFrame(frame: Frame): Promise<void>;
  /** The answer to `lookForCodes`. */
  onCodes?(seen: CodesSeen): void;
  /** Whether a file was played to its end: then no picture is expected any more. */
  onEndOfFile?(): void;
}

const { retry, openWithinMs, passwordPauseMs, certificatePauseMs, passwordLookMs } = cameraPolicy;
const defaultTiming: {
  readonly retry: { readonly firstMs: number; readonly maxMs: number };
  readonly openWithinMs: number;
  readonly passwordPauseMs: number;
  readonly certificatePauseMs: number;
  readonly passwordLookMs: number;
} = { retry, openWithinMs, passwordPauseMs, certificatePauseMs, passwordLookMs };

/** What a decoder process has said. */
interface Heard {
  decoded: number;
  unreadable: number;
  dropped: number;
  opened: boolean;
  ended: DecoderStatus['ended'];
  code: ErrorCode | undefined;
  shownCertificate: string | undefined;
}

/**
 * A camera: owns one decoder process, restarts it with growing waits, and asks it for frames one at a time. A
 * password or a certificate that was refused is not tried again until it, the address or the user changes, or
 * a long pause is over. Waits and deadlines go by a clock that no setting of the time moves.
 */
export class CameraSource {
  readonly #options: CameraSourceOptions;
  readonly #timing: typeof defaultTiming;
  #child: DecoderChild | null = null;
  #watch: NodeJS.Timeout | null = null;
  #retry: NodeJS.Timeout | null = null;
  #attempt = 0;
  #startedMs = 0;
  #lastPictureMs = 0;
  #heard = nothingHeard();
  /** What was tried, and until when not again, if one refused the other: its password, or its certificate. */
  #refused: { readonly digest: string; readonly untilMs: number } | null = null;
  #tried = '';
  #running = false;
  #restarting = false;

  constructor(options: CameraSourceOptions) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
  }

  /** Process id of the decoder; undefined while there is none. */
  get decoderPid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    this.#running = true;
    this.#attempt = 0;
    this.#spawn();
    this.#watch = setInterval(() => this.#checkSilence(), cameraPolicy.silenceLookMs);
  }

  /** Ends the decoder; settles when the process is gone. */
  async stop(): Promise<void> {
    this.#running = false;
    if (this.#watch) clearInterval(this.#watch);
    if (this.#retry) clearTimeout(this.#retry);
    await this.#child?.end();
  }

  /** A new decoder at once, whatever the waits. Does nothing when stopped. */
  restart(): void {
    if (!this.#running) return;
    this.#attempt = 0;
    this.#refused = null;
    this.#restarting = true;
    if (this.#retry) clearTimeout(this.#retry);
    if (this.#child) this.#child.kill();
    else this.#spawn();
  }

  /** Asks the decoder to look for codes in all pixels of the frame that came last. */
  lookForCodes(thorough: boolean): void {
    this.#child?.ask(thorough ? 'thoroughCodes' : 'quickCodes');
  }

  #spawn(): void {
    const { health } = this.#options;
    if (this.#attempt === 0) health.set('starting');
    this.#restarting = false;
    this.#heard = nothingHeard();
    this.#startedMs = this.#lastPictureMs = performance.now();
    const order = this.#order();
    if (!order) return;
    this.#tried = digestOf(order);
    const child: DecoderChild = new DecoderChild(order, {
      onFrame: (frame) => void this.#work(frame).then(() => child.ask('picture')),
      onCodes: (seen) => this.#options.onCodes?.(seen),
      onStatus: (status) => {
        if (child === this.#child) this.#hear(status);
      },
      onGone: (how) => {
        if (child === this.#child) this.#gone(how);
      },
    });
    this.#child = child;
    child.ask('picture');
  }

  /** null when it cannot be made now; tried again like a camera that does not answer. */
  #order(): DecoderOrder | null {
    try {
      return this.#options.order();
    } catch (error) {
      if (!(error instanceof WatchpostError)) throw error;
      this.#heard.code = error.code;
      this.#gone('no order');
      return null;
    }
  }

  async #work(frame: Frame): Promise<void> {
    try {
      await this.#options.onFrame(frame);
    } catch (error) {
      const { health, log } = this.#options;
      health.unreadable('edge.frame_unreadable');
      log.warn({ err: error, device: health.device }, 'frame could not be analysed');
    }
  }

  #hear(status: DecoderStatus): void {
    const { health } = this.#options;
    const heard = this.#heard;
    const pictures = status.decoded - heard.decoded;
    const unreadable = status.unreadable - heard.unreadable;
    const dropped = status.dropped - heard.dropped;
    if (pictures > 0 || (status.opened && !heard.opened)) this.#lastPictureMs = performance.now();
    const { ended, code, shownCertificate } = status;
    this.#heard = { ...status, ended, code, shownCertificate };
    if (pictures > 0) {
      // The first picture proves that the camera works: the next loss is a new one.
      this.#attempt = 0;
      health.read(pictures);
      health.lags(status.lagMs);
    }
    if (unreadable > 0) health.unreadable('edge.frame_unreadable', unreadable);
    if (dropped > 0 || (pictures > 0 && (status.lagMs ?? 0) > cameraPolicy.behindMs))
      health.degrade('edge.camera_behind');
  }

  #checkSilence(): void {
    if (!this.#child) return;
    const { opened } = this.#heard;
    const now = performance.now();
    const silent = opened
      ? now - this.#lastPictureMs > this.#options.silentAfterMs
      : now - this.#startedMs > this.#timing.openWithinMs;
    if (!silent) return;
    this.#heard.code = opened ? 'edge.camera_no_picture' : 'edge.camera_silent';
    this.#child.kill();
  }

  #gone(how: string): void {
    const { health, log, onEndOfFile } = this.#options;
    this.#child = null;
    if (!this.#running) return;
    if (this.#restarting) {
      this.#spawn();
      return;
    }
    const { ended, code = 'edge.source_lost', shownCertificate } = this.#heard;
    health.shows(shownCertificate);
    health.set('lost', code);
    // A file that was played to its end stays ended until somebody restarts it.
    if (ended === 'end_of_file') {
      onEndOfFile?.();
      return;
    }
    if (code === 'edge.camera_password') {
      log.error({ device: health.device, code }, 'camera refuses its password');
      this.#waitForChange(this.#timing.passwordPauseMs);
      return;
    }
    if (isCertificateRefusal(code)) {
      log.error(
        { device: health.device, code, shownCertificate },
        'camera shows a certificate that is refused',
      );
      this.#waitForChange(this.#timing.certificatePauseMs);
      return;
    }
    const { firstMs, maxMs } = this.#timing.retry;
    const delayMs = backoffMs(this.#attempt++, firstMs, maxMs, Math.random());
    log.warn({ device: health.device, how, code, delayMs }, 'camera lost');
    this.#retry = setTimeout(() => this.#spawn(), delayMs);
  }

  /** The same is not tried again within the pause. */
  #waitForChange(pauseMs: number): void {
    this.#refused = { digest: this.#tried, untilMs: performance.now() + pauseMs };
    this.#lookForChange();
  }

  /** Looks from time to time whether password or certificate are others. */
  #lookForChange(): void {
    this.#retry = setTimeout(() => {
      const paused = performance.now() > (this.#refused?.untilMs ?? 0);
      if (paused || this.#hasChanged()) this.#spawn();
      else this.#lookForChange();
    }, this.#timing.passwordLookMs);
  }

  #hasChanged(): boolean {
    try {
      return digestOf(this.#options.order()) !== this.#refused?.digest;
    } catch {
      // Being written, perhaps.
      return false;
    }
  }
}

function nothingHeard(): Heard {
  return {
    ...{ decoded: 0, unreadable: 0, dropped: 0, opened: false },
    ...{ ended: undefined, code: undefined, shownCertificate: undefined },
  };
}

/** Tells whether an order is the same without keeping its password. */
function digestOf({ url, user, password, certificate }: DecoderOrder): string {
  return createHash('sha256')
    .update(JSON.stringify([url, user, password, certificate]))
    .digest('hex');
}
