import type { Frame } from '@watchpost/inference';
import { gridColumns, gridRows, measureCells, type SeenCells, seenCells } from '../tamper/cell-grid.ts';
import { type MotionPolicy, workPolicy } from './policy.ts';

const cellCount = gridColumns * gridRows;

/**
 * Says cheaply whether anything moves: mean luma on a 32 × 18 grid (16 samples per cell) against a background
 * that follows slowly. A change of the whole picture's brightness (a lamp, automatic exposure) is taken out
 * first, by what is seen of it: what is masked stays as it is whatever the lamps do.
 */
export class MotionGate {
  readonly #policy: Pick<MotionPolicy, 'cellChange' | 'learning'>;
  readonly #seen: readonly number[];
  readonly #background = new Float32Array(cellCount);
  readonly #cells = new Float32Array(cellCount);
  #primed = false;

  constructor(policy: Pick<MotionPolicy, 'cellChange' | 'learning'>, seen: SeenCells = seenCells()) {
    this.#policy = policy;
    this.#seen = [...seen.keys()].filter((cell) => seen[cell] === 1);
  }

  /** @returns how many cells changed, of 576; all for the first frame, because nothing is known yet */
  observe(frame: Frame): number {
    const { cellChange, learning } = this.#policy;
    const cells = this.#cells;
    const seen = this.#seen;
    measureCells(frame, cells);
    if (!this.#primed) {
      this.#primed = true;
      this.#background.set(cells);
      return cellCount;
    }
    let shift = 0;
    for (const i of seen) shift += (cells[i] ?? 0) - (this.#background[i] ?? 0);
    shift /= Math.max(1, seen.length);
    let changed = 0;
    for (const i of seen) {
      const cell = cells[i] ?? 0;
      const known = this.#background[i] ?? 0;
      if (Math.abs(cell - known - shift) > cellChange) changed++;
      this.#background[i] = known + learning * (cell - known);
    }
    return changed;
  }
}

/** What is worth doing with a frame. */
export interface FrameWork {
  readonly faces: boolean;
  /** A thorough look finds small or poorly lit codes and costs several times a quick one. */
  readonly codes: 'none' | 'quick' | 'thorough';
}

const { holdMs, stillEveryMs, codesEveryMs, thoroughEveryMs } = workPolicy;

/** Decides per frame whether to look for faces and codes. Pure apart from its memory of times. */
export class WorkPlan {
  readonly #cells: number;
  #movedAt = Number.NEGATIVE_INFINITY;
  #facesAt = Number.NEGATIVE_INFINITY;
  #codesAt = Number.NEGATIVE_INFINITY;
  #thoroughAt = Number.NEGATIVE_INFINITY;

  constructor({ cells }: Pick<MotionPolicy, 'cells'>) {
    this.#cells = cells;
  }

  /**
   * @param moved cells that changed
   * @param following a face is being tracked, or a code is in view
   */
  decide(capturedAt: number, moved: number, following: boolean): FrameWork {
    // A clock set back: begin anew.
    if (capturedAt < this.#facesAt || capturedAt < this.#codesAt)
      this.#facesAt = this.#codesAt = this.#thoroughAt = Number.NEGATIVE_INFINITY;
    if (moved >= this.#cells) this.#movedAt = capturedAt;
    const moving = capturedAt - this.#movedAt >= 0 && capturedAt - this.#movedAt <= holdMs;
    const faces = moving || (following && capturedAt - this.#facesAt >= stillEveryMs);
    const codesDue = (moving || following) && capturedAt - this.#codesAt >= codesEveryMs;
    const thorough = codesDue && capturedAt - this.#thoroughAt >= thoroughEveryMs;
    if (faces) this.#facesAt = capturedAt;
    if (codesDue) this.#codesAt = capturedAt;
    if (thorough) this.#thoroughAt = capturedAt;
    return { faces, codes: thorough ? 'thorough' : codesDue ? 'quick' : 'none' };
  }
}
