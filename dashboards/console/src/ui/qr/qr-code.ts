import { QrGrid } from './qr-grid.ts';
import { correctionOf } from './reed-solomon.ts';

/**
 * Level M of each version from 1 on (ISO/IEC 18004 table 9): correction codewords of a block, then how many
 * blocks with how many data codewords.
 */
const versions: readonly { readonly correction: number; readonly blocks: readonly number[] }[] = [
  [10, 1, 16],
  [16, 1, 28],
  [26, 1, 44],
  [18, 2, 32],
  [24, 2, 43],
  [16, 4, 27],
  [18, 4, 31],
  [22, 2, 38, 2, 39],
  [22, 3, 36, 2, 37],
  [26, 4, 43, 1, 44],
  [30, 1, 50, 4, 51],
  [22, 6, 36, 2, 37],
  [22, 8, 37, 1, 38],
  [24, 4, 40, 5, 41],
  [24, 5, 41, 5, 42],
  [28, 7, 45, 3, 46],
  [28, 10, 46, 1, 47],
  [26, 9, 43, 4, 44],
  [26, 3, 44, 11, 45],
  [26, 3, 41, 13, 42],
].map(([correction = 0, first = 0, size = 0, second = 0, larger = 0]) => ({
  correction,
  blocks: [...Array.from({ length: first }, () => size), ...Array.from({ length: second }, () => larger)],
}));

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** A QR code: `size` rows of `size` modules. */
export type QrCode = Pick<QrGrid, 'size' | 'isDark'>;

/**
 * The QR code of a text, drawn here so that a secret goes to nobody who draws pictures. Level M, versions
 * 1 to 20 (ISO/IEC 18004); texts of capital letters, digits and a few signs, as passes are, take less room.
 * @throws RangeError for more than 666 bytes, or 970 of those characters
 */
export function qrCode(text: string): QrCode {
  const segment = segmentOf(text);
  const version = 1 + versions.findIndex((_, index) => fits(segment, index + 1));
  const layout = versions[version - 1];
  if (!layout) throw new RangeError(`${segment.count} characters are too long for a QR code`);
  const codewords = interleave(dataOf(segment, version, capacityOf(layout.blocks)), layout);
  const drawn = masks.map((isMasked, mask) => {
    const grid = new QrGrid(version);
    grid.data(codewords);
    grid.mask(isMasked);
    grid.format(mask);
    return grid;
  });
  return drawn.reduce((best, grid) => (penaltyOf(grid) < penaltyOf(best) ? grid : best));
}

const capacityOf = (blocks: readonly number[]): number => blocks.reduce((sum, size) => sum + size, 0);

/** What a code says, before it is cut into codewords. */
interface Segment {
  /** 2: alphanumeric, 4: bytes (table 2). */
  readonly mode: 2 | 4;
  /** Characters, or bytes. */
  readonly count: number;
  readonly bits: readonly number[];
}

const bitsOf = (value: number, length: number): number[] =>
  Array.from({ length }, (_, index) => (value >> (length - 1 - index)) & 1);

/** The characters of the alphanumeric mode, by their values (table 5). */
const alphanumeric = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

function segmentOf(text: string): Segment {
  if (!/^[0-9A-Z $%*+\-./:]+$/.test(text)) {
    const bytes = [...new TextEncoder().encode(text)];
    return { mode: 4, count: bytes.length, bits: bytes.flatMap((byte) => bitsOf(byte, 8)) };
  }
  const bits = (text.match(/..?/g) ?? []).flatMap((pair) => {
    const [first = 0, second] = Array.from(pair, (one) => alphanumeric.indexOf(one));
    return second === undefined ? bitsOf(first, 6) : bitsOf(first * 45 + second, 11);
  });
  return { mode: 2, count: text.length, bits };
}

/** Bits of the length (table 3, up to version 26). */
const lengthBits = ({ mode }: Segment, version: number): number =>
  mode === 2 ? (version < 10 ? 9 : 11) : version < 10 ? 8 : 16;

const fits = (segment: Segment, version: number): boolean =>
  4 + lengthBits(segment, version) + segment.bits.length <=
  capacityOf(versions[version - 1]?.blocks ?? []) * 8;

/** Mode, length, what it says, and what fills it up. */
function dataOf(segment: Segment, version: number, capacity: number): number[] {
  const bits = [
    ...bitsOf(segment.mode, 4),
    ...bitsOf(segment.count, lengthBits(segment, version)),
    ...segment.bits,
  ];
  bits.push(...bitsOf(0, Math.min(4, capacity * 8 - bits.length)));
  while (bits.length % 8 !== 0) bits.push(0);
  for (let filler = 0xec; bits.length < capacity * 8; filler ^= 0xec ^ 0x11) bits.push(...bitsOf(filler, 8));
  return Array.from({ length: capacity }, (_, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((byte, bit) => byte * 2 + bit, 0),
  );
}

/** The first codeword of each block, the second of each …, then the correction codewords alike. */
function interleave(data: readonly number[], { correction, blocks }: (typeof versions)[number]): number[] {
  const begins = blocks.map((_, index) => capacityOf(blocks.slice(0, index)));
  const parts = blocks.map((size, index) => data.slice(begins[index], (begins[index] ?? 0) + size));
  const corrections = parts.map((part) => correctionOf(part, correction));
  const turns = (lists: readonly (readonly number[])[]) =>
    Array.from({ length: Math.max(...lists.map((list) => list.length)) }, (_, index) =>
      lists.flatMap((list) => list[index] ?? []),
    ).flat();
  return [...turns(parts), ...turns(corrections)];
}

/** How hard a code is to read (ISO/IEC 18004 §7.8.3): the mask with the least is taken. */
function penaltyOf(grid: QrGrid): number {
  const { size } = grid;
  let penalty = 0;
  const lines = Array.from({ length: size }, (_, at) => [
    Array.from({ length: size }, (_unused, along) => (grid.isDark(along, at) ? '1' : '0')).join(''),
    Array.from({ length: size }, (_unused, along) => (grid.isDark(at, along) ? '1' : '0')).join(''),
  ]).flat();
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) penalty += run.length - 2;
    penalty += 40 * [...line.matchAll(/(?=10111010000|00001011101)/g)].length;
  }
  for (let y = 0; y + 1 < size; y += 1)
    for (let x = 0; x + 1 < size; x += 1) {
      const dark = grid.isDark(x, y);
      const same = [grid.isDark(x + 1, y), grid.isDark(x, y + 1), grid.isDark(x + 1, y + 1)];
      if (same.every((other) => other === dark)) penalty += 3;
    }
  const dark = grid.modules.filter(Boolean).length / grid.modules.length;
  return penalty + 10 * Math.floor(Math.abs(dark * 100 - 50) / 5);
}
