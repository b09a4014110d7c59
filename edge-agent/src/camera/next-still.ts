import { WatchpostError } from '@watchpost/contracts/errors';
import { encodeJpeg, type Frame } from '@watchpost/inference';
import { stillPolicy } from '../policy.ts';

/**
 * One picture of a camera for somebody who waits for it: the next frame that its decoder gives, in which
 * masks are blanked already. Costs nothing while nobody waits, and holds nothing afterwards.
 */
export class NextStill {
  readonly #waiting = new Set<(frame: Frame) => void>();

  /** Its pixels are copied if somebody waits. */
  picture(frame: Frame): void {
    if (this.#waiting.size === 0) return;
    const copy = { ...frame, data: Buffer.from(frame.data) };
    for (const take of this.#waiting) take(copy);
  }

  /**
   * @returns a JPEG
   * @throws WatchpostError `edge.camera_no_picture` where none comes in time
   */
  async take(withinMs: number = stillPolicy.frameMs): Promise<Buffer> {
    let take: ((frame: Frame) => void) | undefined;
    let overdue: NodeJS.Timeout | undefined;
    try {
      const frame = await new Promise<Frame>((resolve, reject) => {
        take = resolve;
        this.#waiting.add(resolve);
        overdue = setTimeout(() => reject(new WatchpostError('edge.camera_no_picture')), withinMs);
      });
      return await encodeJpeg(frame, stillPolicy.quality);
    } finally {
      clearTimeout(overdue);
      if (take) this.#waiting.delete(take);
    }
  }
}
