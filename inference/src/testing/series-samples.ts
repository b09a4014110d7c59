import { createRandom } from '@watchpost/service/testing/damage';
import type { SeriesPoints } from '../series/sequence/training-data.ts';

const minuteMs = 60_000;

/** A wave of 12 points with a little repeatable noise, one point a minute, all normal. */
export function wavePoints(length: number): SeriesPoints {
  const random = createRandom(3);
  return {
    timesMs: Float64Array.from({ length }, (_, i) => i * minuteMs),
    values: Float64Array.from(
      { length },
      (_, i) => 20 + 5 * Math.sin((2 * Math.PI * i) / 12) + 0.3 * (2 * random() - 1),
    ),
    normal: new Uint8Array(length).fill(1),
  };
}
