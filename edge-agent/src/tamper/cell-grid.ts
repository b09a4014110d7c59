import type { PictureOutline } from '@watchpost/contracts/site';
import type { Frame } from '@watchpost/inference';
import { maskedRuns } from '../camera/masked-runs.ts';

/** Cells of the grid that pictures are compared on. */
export const gridColumns = 32;
export const gridRows = 18;
const samplesPerSide = 4;

/** Mean luma (BT.601, 0…255) of each cell, from 16 samples, row by row into `cells`. */
export function measureCells({ width, height, data }: Frame, cells: Float32Array): void {
  for (let row = 0; row < gridRows; row++) {
    for (let column = 0; column < gridColumns; column++) {
      let sum = 0;
      for (let sample = 0; sample < samplesPerSide ** 2; sample++) {
        const fx = (column + ((sample % samplesPerSide) + 0.5) / samplesPerSide) / gridColumns;
        const fy = (row + (Math.floor(sample / samplesPerSide) + 0.5) / samplesPerSide) / gridRows;
        const at = (Math.floor(fy * height) * width + Math.floor(fx * width)) * 3;
        sum += 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
      }
      cells[row * gridColumns + column] = sum / samplesPerSide ** 2;
    }
  }
}

/** 1 for each cell of the grid of which nothing is masked, row by row. */
export type SeenCells = Uint8Array;

/** @param masks in the upright picture */
export function seenCells(masks: readonly PictureOutline[] = []): SeenCells {
  const seen = new Uint8Array(gridColumns * gridRows).fill(1);
  const runs = maskedRuns(masks, gridColumns, gridRows);
  for (let i = 0; i < runs.length; i += 3) {
    const row = (runs[i] ?? 0) * gridColumns;
    seen.fill(0, row + (runs[i + 1] ?? 0), row + (runs[i + 2] ?? 0));
  }
  return seen;
}

/** How many cells are seen. */
export const countSeen = (seen: SeenCells): number => seen.reduce((sum, is) => sum + is, 0);
