/** Something in some bytes that should not be there. */
export interface Trace {
  readonly what: 'image' | 'template' | 'frame';
  readonly where: string;
  readonly offset: number;
}

const text = (value: string): Buffer => Buffer.from(value, 'latin1');

/**
 * How pictures and videos begin, as files and as base64 in text. JPEG’s three bytes alone occur by chance in
 * binary data.
 */
const imageStarts: readonly { readonly bytes: Buffer; readonly alsoWithin?: readonly Buffer[] }[] = [
  {
    bytes: Buffer.from([0xff, 0xd8, 0xff]),
    alsoWithin: [text('JFIF'), text('Exif'), Buffer.from([0xff, 0xdb, 0x00, 0x43])],
  },
  { bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
  { bytes: Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), alsoWithin: [text('matroska'), text('webm')] },
  { bytes: text('RIFF'), alsoWithin: [text('WEBP'), text('AVI ')] },
  { bytes: text('ftypisom') },
  { bytes: text('ftypavif') },
  { bytes: text('/9j/4AAQ') },
  { bytes: text('/9j/2wBD') },
  { bytes: text('iVBORw0KGgo') },
];

const searchAfter = 64;

/** Pictures in any common format, raw or as base64. */
export function findImages(bytes: Buffer, where: string): Trace[] {
  const traces: Trace[] = [];
  for (const { bytes: start, alsoWithin } of imageStarts) {
    for (let at = bytes.indexOf(start); at >= 0; at = bytes.indexOf(start, at + 1)) {
      const head = bytes.subarray(at, at + searchAfter);
      if (!alsoWithin || alsoWithin.some((mark) => head.includes(mark)))
        traces.push({ what: 'image', where, offset: at });
    }
  }
  return traces;
}

/** Rows of raw pixels from a picture, wherever they stand. */
export function findFrames(bytes: Buffer, where: string, pixelRows: readonly Buffer[]): Trace[] {
  return pixelRows.flatMap((row) => {
    const at = bytes.indexOf(row);
    return at < 0 ? [] : [{ what: 'frame' as const, where, offset: at }];
  });
}

/**
 * Face templates in binary (32-bit floats at any byte offset: a window of unit length that points the same
 * way as a known face) or as a long list of numbers in text.
 */
export function findTemplates(
  bytes: Buffer,
  where: string,
  faces: readonly Float32Array[],
  minCosine = 0.5,
): Trace[] {
  const traces: Trace[] = [];
  const listed = /(?:-?\d\.\d{3,}(?:e-?\d+)?[,\s]+){100,}/.exec(bytes.toString('latin1'));
  if (listed) traces.push({ what: 'template', where, offset: listed.index });
  const dimension = faces[0]?.length ?? 512;
  for (let shift = 0; shift < 4; shift++) {
    const floats = floatsFrom(bytes, shift);
    for (const start of unitWindows(floats, dimension)) {
      const window = floats.subarray(start, start + dimension);
      if (faces.some((face) => cosine(window, face) >= minCosine))
        traces.push({ what: 'template', where, offset: shift + start * 4 });
    }
  }
  return traces;
}

function floatsFrom(bytes: Buffer, shift: number): Float32Array {
  const length = Math.floor((bytes.length - shift) / 4);
  if (length <= 0) return new Float32Array();
  const copy = new Uint8Array(length * 4);
  copy.set(bytes.subarray(shift, shift + length * 4));
  return new Float32Array(copy.buffer);
}

/** Starts of windows whose squares sum to about 1 (an embedding is of unit length) and hold no wild value. */
function* unitWindows(floats: Float32Array, dimension: number): Generator<number> {
  let sum = 0;
  let wild = 0;
  const square = (value: number): number =>
    Number.isFinite(value) && Math.abs(value) <= 1 ? value * value : 0;
  const isWild = (value: number): number => (Number.isFinite(value) && Math.abs(value) <= 1 ? 0 : 1);
  for (let index = 0; index < floats.length; index++) {
    const value = floats[index] ?? 0;
    sum += square(value);
    wild += isWild(value);
    if (index >= dimension) {
      const gone = floats[index - dimension] ?? 0;
      sum -= square(gone);
      wild -= isWild(gone);
    }
    if (index >= dimension - 1 && wild === 0 && sum > 0.8 && sum < 1.2) yield index - dimension + 1;
  }
}

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let lengths = 0;
  for (let index = 0; index < a.length; index++) {
    dot += (a[index] ?? 0) * (b[index] ?? 0);
    lengths += (a[index] ?? 0) ** 2;
  }
  return lengths === 0 ? 0 : dot / Math.sqrt(lengths);
}
