import { Frame } from 'node-av/lib';
import { FrameLimit } from './frame-pacing.ts';
import type { RgbPicture } from './rgb-picture.ts';

export interface NewestPictureOptions {
  /** Most pictures a second that are sent. */
  readonly fps: number;
  scale(frame: Frame): RgbPicture;
  /** @param takenMs when it was taken, by `performance.now` */
  send(picture: RgbPicture, takenMs: number): void;
}

/**
 * Keeps the newest picture only; whoever asks gets that one at once, or the next. The one that was sent last
 * is kept too, to be looked at more closely.
 */
export class NewestPicture {
  readonly #options: NewestPictureOptions;
  readonly #limit: FrameLimit;
  readonly #latest = new Frame();
  readonly #sent = new Frame();
  #latestMs: number | null = null;
  #sentMs: number | null = null;
  #asked = false;

  constructor(options: NewestPictureOptions) {
    this.#options = options;
    this.#limit = new FrameLimit(options.fps);
    this.#latest.alloc();
    this.#sent.alloc();
  }

  /** The picture that was sent last, with all its pixels. */
  get sent(): { readonly frame: Frame; readonly takenMs: number } | null {
    return this.#sentMs === null ? null : { frame: this.#sent, takenMs: this.#sentMs };
  }

  ask(): void {
    this.#asked = true;
    if (this.#latestMs !== null) this.#send(this.#latest, this.#latestMs);
  }

  offer(frame: Frame, takenMs: number): void {
    if (!this.#limit.allows(takenMs)) return;
    if (this.#asked) {
      this.#send(frame, takenMs);
      return;
    }
    this.#latest.unref();
    if (this.#latest.ref(frame) >= 0) this.#latestMs = takenMs;
  }

  #send(frame: Frame, takenMs: number): void {
    this.#asked = false;
    this.#latestMs = null;
    this.#limit.took(takenMs);
    this.#sent.unref();
    this.#sentMs = this.#sent.ref(frame) >= 0 ? takenMs : null;
    this.#options.send(this.#options.scale(frame), takenMs);
  }
}
