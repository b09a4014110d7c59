import { crc32 } from 'node:zlib';
import type { ErrorCode } from '@watchpost/contracts/errors';
import type { Frame } from '@watchpost/inference';
import { cameraPolicy } from '../camera/policy.ts';
import { gridColumns, gridRows, measureCells, type SeenCells } from './cell-grid.ts';
import { CoveredLens } from './covered-lens.ts';
import { FrozenPicture } from './frozen-picture.ts';
import {
  type TamperChange,
  TamperDetector,
  type TamperLimits,
  type TamperReason,
} from './tamper-detector.ts';
import type { TamperFile } from './tamper-file.ts';

export interface TamperWatchOptions {
  readonly limits: TamperLimits;
  /** What of the picture is not masked. */
  readonly seen: SeenCells;
  readonly file: TamperFile;
  onChange(change: TamperChange): void;
  /** Asked from time to time while an episode that pictures show is open. */
  onStill(code: ErrorCode): void;
}

const codes: Readonly<Record<TamperReason, ErrorCode>> = {
  lost: 'edge.source_lost',
  frozen: 'edge.camera_frozen',
  dark: 'edge.camera_covered',
  flat: 'edge.camera_covered',
};

/** Watches whether a camera sees; owns the timer that notices that nothing comes. */
export class TamperWatch {
  readonly #options: TamperWatchOptions;
  readonly #cells = new Float32Array(gridColumns * gridRows);
  #detector: TamperDetector | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: TamperWatchOptions) {
    this.#options = options;
  }

  start(): void {
    const { limits, file, seen } = this.#options;
    const now = performance.now();
    const parts = { frozen: new FrozenPicture(), covered: new CoveredLens(seen) };
    this.#detector = new TamperDetector(limits, parts, now, file.read(now));
    this.#timer = setInterval(() => this.#look(), cameraPolicy.tamperLookMs);
  }

  /** Nothing is told any more: that a stopped camera gives no pictures is no loss. */
  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = this.#detector = null;
  }

  picture(frame: Frame): void {
    if (!this.#detector) return;
    measureCells(frame, this.#cells);
    const now = performance.now();
    this.#tell(this.#detector.picture(crc32(frame.data), this.#cells, now), now);
  }

  #look(): void {
    if (!this.#detector) return;
    const now = performance.now();
    this.#tell(this.#detector.tick(now), now);
    for (const { reason } of this.#detector.open) if (reason !== 'lost') this.#options.onStill(codes[reason]);
  }

  #tell(changes: readonly TamperChange[], nowMs: number): void {
    if (changes.length === 0 || !this.#detector) return;
    for (const change of changes) this.#options.onChange(change);
    this.#options.file.write(this.#detector.open, nowMs);
  }
}
