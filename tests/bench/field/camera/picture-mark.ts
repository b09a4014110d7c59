/** A picture as RGB24 without padding. */
export interface RgbPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const bits = 16;
/** Share of the picture's width that a bit is wide; bits are square and stand along the top edge. */
const bitShare = 1 / bits;

/**
 * Burns a number (0…65535) into the top of a picture, as black and white squares that survive encoding and
 * scaling.
 */
export function burnIn({ width, data }: RgbPixels, number: number): void {
  const side = Math.floor(width * bitShare);
  for (let bit = 0; bit < bits; bit++) {
    const value = (number >> bit) & 1 ? 255 : 0;
    for (let y = 0; y < side; y++) {
      const from = (y * width + bit * side) * 3;
      data.fill(value, from, from + side * 3);
    }
  }
}

/**
 * The number that is burnt into a picture, whatever it was scaled to. @throws RangeError when a square is
 * neither black nor white
 */
export function readMark({ width, data }: RgbPixels): number {
  const side = width * bitShare;
  let number = 0;
  for (let bit = 0; bit < bits; bit++) {
    const value = data[(Math.floor(side / 2) * width + Math.floor((bit + 0.5) * side)) * 3] ?? 128;
    if (value > 90 && value < 165) throw new RangeError(`bit ${bit} cannot be told`);
    if (value >= 165) number |= 1 << bit;
  }
  return number;
}
