import type { PictureOutline } from '@watchpost/contracts/site';
import { type MaskedRuns, maskedRuns } from './masked-runs.ts';
import { maskPolicy } from './policy.ts';

/** Blanks what is masked in pictures of one kind. Follows changes of size. */
export class PictureMask {
  readonly #outlines: readonly PictureOutline[];
  readonly #margin: number;
  #runs: MaskedRuns = new Int32Array(0);
  #size = '';

  /**
   * @param outlines in the frame of these pictures: turned as they are
   * @param margin as for `maskedRuns`
   */
  constructor(outlines: readonly PictureOutline[], margin: number) {
    this.#outlines = outlines;
    this.#margin = margin;
  }

  /** Overwrites what is masked with one grey, in place. @param bytes per pixel; rows have no padding */
  blank(data: Uint8Array, width: number, height: number, bytes: 1 | 3): void {
    if (this.#outlines.length === 0) return;
    const size = `${width}x${height}`;
    if (size !== this.#size) this.#runs = maskedRuns(this.#outlines, width, height, this.#margin);
    this.#size = size;
    const runs = this.#runs;
    for (let i = 0; i < runs.length; i += 3) {
      const row = (runs[i] ?? 0) * width;
      data.fill(maskPolicy.grey, (row + (runs[i + 1] ?? 0)) * bytes, (row + (runs[i + 2] ?? 0)) * bytes);
    }
  }
}
