import { gridColumns, gridRows, type SeenCells, seenCells } from './cell-grid.ts';
import { coverPolicy } from './policy.ts';

const { averageMs, otherScene, flatShare, flatFloor, darkMean, usualMs, leastCells } = coverPolicy;

/** Why a picture shows nothing. */
export type CoverReason = 'dark' | 'flat';

/**
 * Notices that something lies over a lens: the picture has no edges left, black or not. It looks at the
 * averaged grid of the picture, against its own brightness, so that noise is no content and a dim street with
 * one lamp is not covered. Night that falls slowly is no cover: a picture that was dark before it lost its
 * last edges says nothing. Switching to infrared, lamps and exposure pass within the caller’s limit. What is
 * masked is left out: its grey would be an edge that no hand covers. Times are of one clock that never goes
 * back, in milliseconds.
 */
export class CoveredLens {
  readonly #seen: readonly number[];
  readonly #edgeCells: readonly number[];
  #average: Float32Array | null = null;
  #usualMean: number | null = null;
  #lastMs = 0;
  #sceneMs = 0;
  #since: { readonly atMs: number; readonly night: boolean } | null = null;
  #mean = 0;

  constructor(seen: SeenCells = seenCells()) {
    this.#seen = [...seen.keys()].filter((cell) => seen[cell] === 1);
    this.#edgeCells = edgeCellsOf(seen);
  }

  /** Whether enough of the picture is seen to say anything. */
  get canJudge(): boolean {
    return this.#edgeCells.length >= leastCells;
  }

  /** @param cells mean luma of the grid, row by row */
  observe(cells: Float32Array, atMs: number): void {
    if (!this.canJudge) return;
    const seen = this.#seen;
    const passedMs = Math.max(0, atMs - this.#lastMs);
    this.#lastMs = atMs;
    if (this.#average === null || difference(this.#average, cells, seen) > otherScene) {
      this.#average = Float32Array.from(cells);
      this.#sceneMs = 0;
    }
    this.#sceneMs += passedMs;
    follow(this.#average, cells, Math.max(weight(passedMs, averageMs), passedMs / (this.#sceneMs + 1)));
    this.#mean = meanOf(this.#average, seen);
    this.#usualMean ??= this.#mean;
    const shows = edgesOf(this.#average, this.#edgeCells) > Math.max(flatFloor, flatShare * this.#mean);
    if (shows) this.#since = null;
    else this.#since ??= { atMs, night: this.#usualMean < darkMean };
    // What lies over the lens is not what is usual there.
    if (shows) this.#usualMean += weight(passedMs, usualMs) * (this.#mean - this.#usualMean);
  }

  /**
   * Since when nothing is to be seen and why; null when it is so for less than `limitMs`, or when night came.
   */
  coveredSince(limitMs: number): { readonly sinceMs: number; readonly reason: CoverReason } | null {
    const since = this.#since;
    if (since === null || this.#lastMs - since.atMs < limitMs) return null;
    const dark = this.#mean < darkMean;
    if (dark && since.night) return null;
    return { sinceMs: since.atMs, reason: dark ? 'dark' : 'flat' };
  }

  /** No picture came for a while: averages begin anew, what is usual stays. */
  forget(): void {
    this.#average = null;
    this.#since = null;
  }
}

const weight = (passedMs: number, constantMs: number) => 1 - Math.exp(-passedMs / constantMs);

function follow(average: Float32Array, cells: Float32Array, share: number): void {
  for (let i = 0; i < average.length; i++)
    average[i] = (average[i] ?? 0) + share * ((cells[i] ?? 0) - (average[i] ?? 0));
}

function difference(a: Float32Array, b: Float32Array, seen: readonly number[]): number {
  return seen.reduce((sum, cell) => sum + Math.abs((a[cell] ?? 0) - (b[cell] ?? 0)), 0) / seen.length;
}

function meanOf(cells: Float32Array, seen: readonly number[]): number {
  return seen.reduce((sum, cell) => sum + (cells[cell] ?? 0), 0) / seen.length;
}

/** Cells that are seen together with the four beside them. */
function edgeCellsOf(seen: SeenCells): number[] {
  const found: number[] = [];
  for (let row = 1; row < gridRows - 1; row++) {
    for (let column = 1; column < gridColumns - 1; column++) {
      const cell = row * gridColumns + column;
      if ([cell, ...beside(cell)].every((each) => seen[each] === 1)) found.push(cell);
    }
  }
  return found;
}

const beside = (cell: number) => [cell - gridColumns, cell + gridColumns, cell - 1, cell + 1];

/** Root mean square of the discrete Laplacian: gradients of light across a hand or a wall are no edges. */
function edgesOf(cells: Float32Array, edgeCells: readonly number[]): number {
  const at = (cell: number) => cells[cell] ?? 0;
  let sum = 0;
  for (const cell of edgeCells) {
    const around = at(cell - gridColumns) + at(cell + gridColumns) + at(cell - 1) + at(cell + 1);
    sum += (at(cell) - around / 4) ** 2;
  }
  return Math.sqrt(sum / edgeCells.length);
}
