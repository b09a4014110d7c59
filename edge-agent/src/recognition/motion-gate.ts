import type { Frame } from '@watchpost/inference';
import { gridColumns, gridRows, measureCells } from '../tamper/cell-grid.ts';
import { motionPolicy, workPolicy } from './policy.ts';

const cellCount = gridColumns * gridRows;

const { cellChange, learning } = motionPolicy;

/**
 * Says cheaply whether anything moves: mean luma on a 32 × 18 grid (16 samples per cell) against a background
 * that follows slowly. A change of the whole picture's brightness (a lamp, automatic exposure) is taken out
 * first.
 */
export class MotionGate {
  readonly #background = new Float32Array(cellCount);
  readonly #cells = new Float32Array(cellCount);
  #primed = false;

  /** @returns share of cells that changed, 0…1; 1 for the first frame, because nothing is known yet. */
  observe(frame: Frame): number {
    const cells = this.#cells;
    measureCells(frame, cells);
    if (!this.#primed) {
      this.#primed = true;
      this.#background.set(cells);
      return 1;
    }
    let shift = 0;
    for (let i = 0; i < cells.length; i++) shift += (cells[i] ?? 0) - (this.#background[i] ?? 0);
    shift /= cells.length;
    let changed = 0;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] ?? 0;
      const known = this.#background[i] ?? 0;
      if (Math.abs(cell - known - shift) > cellChange) changed++;
      this.#background[i] = known + learning * (cell - known);
    }
    return changed / cells.length;
  }
}

/** What is worth doing with a frame. */
export interface FrameWork {
  readonly faces: boolean;
  /** A thorough look finds small or poorly lit codes and costs several times a quick one. */
  readonly codes: 'none' | 'quick' | 'thorough';
}

/** Share of cells from which a frame is worth looking at. */
const motionShare = motionPolicy.cells / cellCount;

const { holdMs, stillEveryMs, codesEveryMs, thoroughEveryMs } = workPolicy;

/** Decides per frame whether to look for faces and codes. Pure apart from its memory of times. */
export class WorkPlan {
  #movedAt = Number.NEGATIVE_INFINITY;
  #facesAt = Number.NEGATIVE_INFINITY;
  #codesAt = Number.NEGATIVE_INFINITY;
  #thoroughAt = Number.NEGATIVE_INFINITY;

  /** @param following a face is being tracked, or a code is in view. */
  decide(capturedAt: number, motion: number, following: boolean): FrameWork {
    // A clock set back: begin anew.
    if (capturedAt < this.#facesAt || capturedAt < this.#codesAt)
      this.#facesAt = this.#codesAt = this.#thoroughAt = Number.NEGATIVE_INFINITY;
    if (motion >= motionShare) this.#movedAt = capturedAt;
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
