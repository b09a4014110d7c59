import type { Point } from '../../frame/frame.ts';
import type { FivePoints } from '../observation.ts';
import type { Detection, InputGeometry } from './detector.ts';

/** One cell of a detector's output grid. */
export interface Cell {
  /** Row of the output array. */
  readonly index: number;
  readonly column: number;
  readonly row: number;
}

/**
 * Cells of a stride in output order, `anchors` times each. The input is a multiple of 32, so every stride
 * fits.
 */
export function* cellsOf({ width, height }: InputGeometry, stride: number, anchors: number): Generator<Cell> {
  const columns = Math.ceil(width / stride);
  const rows = Math.ceil(height / stride);
  for (let index = 0; index < columns * rows * anchors; index++) {
    const cell = Math.floor(index / anchors);
    yield { index, column: cell % columns, row: Math.floor(cell / columns) };
  }
}

/**
 * A detection from corners and five points in input pixels; null when it is no rectangle or any number is not
 * finite.
 */
export function toDetection(
  score: number,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  at: (k: number) => Point,
  { scaleX, scaleY }: InputGeometry,
): Detection | null {
  const inFrame = ({ x, y }: Point): Point => ({ x: x / scaleX, y: y / scaleY });
  const points: FivePoints = [inFrame(at(0)), inFrame(at(1)), inFrame(at(2)), inFrame(at(3)), inFrame(at(4))];
  const box = { x: x0 / scaleX, y: y0 / scaleY, width: (x1 - x0) / scaleX, height: (y1 - y0) / scaleY };
  const finite = [box.x, box.y, box.width, box.height, ...points.flatMap(({ x, y }) => [x, y])].every(
    Number.isFinite,
  );
  return finite && box.width > 0 && box.height > 0 ? { box, score, points } : null;
}
