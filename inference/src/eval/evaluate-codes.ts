import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBarcodes } from 'zxing-wasm/reader';
import { createCodeReader } from '../codes/code-reader.ts';
import { toGray } from '../codes/gray-image.ts';
import { decodeImage } from '../frame/decode-image.ts';
import type { Frame } from '../frame/frame.ts';
import { type CodePicture, type CodeTally, listPictures, type Reading, tally } from './code-set.ts';
import { drawCodes } from './draw-codes.ts';
import { type Figure, progress } from './figures.ts';
import { ZbarBatch } from './zbar.ts';

/** Options of the evaluation of code sets. */
export interface CodeEvaluation {
  /** SVG file to write. */
  readonly picture?: string;
  /** Where it is said that a comparison is missing; default standard error. */
  readonly say?: (line: string) => void;
}

/**
 * What one reader made of the pictures, in their order; `ms` is the time per picture, without decoding the
 * file.
 */
interface Column {
  readonly name: string;
  readonly readings: (readonly Reading[])[];
  readonly ms: number[];
}

/**
 * Our reader on the pictures of `dir` (see `listPictures`), beside it zxing-wasm as its documentation calls
 * it (`readBarcodes` on RGBA pixels with its default options, which try harder, rotated, inverted and
 * smaller) and `zbarimg` where it is installed. All three get the same pixels. `codes_decoded`, `codes_exact`
 * and the times count the pictures with a truth file; `codes_false` those and the pictures that are known to
 * show no code.
 */
export async function evaluateCodes(
  dir: string,
  { picture, say = (line) => void process.stderr.write(`${line}\n`) }: CodeEvaluation = {},
): Promise<Figure[]> {
  const pictures = await listPictures(dir);
  const zbar = await ZbarBatch.open();
  if (!zbar) say('no comparison with zbar: zbarimg is not on the PATH (Debian package zbar-tools)');
  const ours: Column = { name: 'Watchpost', readings: [], ms: [] };
  const zxing: Column = { name: 'zxing-wasm', readings: [], ms: [] };
  let firstLook = 0;
  try {
    const thorough = createCodeReader();
    const quick = createCodeReader({ secondLookMs: 0 });
    for (const [i, { file, shows }] of pictures.entries()) {
      const frame = await decodeImage(await readFile(join(dir, file)), { capturedAt: 0 });
      // Loading and compiling is no picture's time.
      if (i === 0) for (const warm of [thorough, quick]) await warm.read(frame);
      await timed(ours, () => thorough.read(frame));
      const rgba = toRgba(frame);
      if (i === 0) await readBarcodes(rgba);
      await timed(zxing, async () => (await readBarcodes(rgba)).filter(({ isValid }) => isValid));
      if (shows === 'one' && (await quick.read(frame)).length > 0) firstLook++;
      await zbar?.add(toGray(frame));
      progress(i + 1, pictures.length);
    }
    const beside = await zbar?.run();
    const columns = [ours, zxing, ...(beside ? [{ name: 'zbar', readings: beside.readings }] : [])];
    if (picture) await writeFile(picture, drawCodes(pictures, columns));
    const n = pictures.filter(({ shows }) => shows === 'one').length;
    const perPicture = beside
      ? [{ figure: 'codes_zbar_ms', value: beside.ms / pictures.length, unit: 'ms', n: pictures.length }]
      : [];
    return [
      ...figuresOf('codes', pictures, ours),
      { figure: 'codes_decoded_first_look', value: firstLook, unit: 'pictures', n },
      ...timesOf('codes_ms', pictures, ours),
      ...figuresOf('codes_zxing', pictures, zxing),
      ...timesOf('codes_zxing_ms', pictures, zxing),
      ...(beside ? figuresOf('codes_zbar', pictures, beside) : []),
      ...perPicture,
    ];
  } finally {
    await zbar?.close();
  }
}

async function timed(column: Column, read: () => Promise<readonly Reading[]>): Promise<void> {
  const started = performance.now();
  const found = await read();
  column.ms.push(performance.now() - started);
  column.readings.push(found);
}

function figuresOf(
  prefix: string,
  pictures: readonly CodePicture[],
  { readings }: { readonly readings: readonly (readonly Reading[])[] },
): Figure[] {
  const of = (what: CodePicture['shows']) => pictures.filter(({ shows }) => shows === what).length;
  const count: CodeTally = tally(pictures, readings);
  const figure = (name: string, value: number, unit: string, n: number) =>
    n > 0 ? [{ figure: `${prefix}_${name}`, value, unit, n }] : [];
  return [
    ...figure('decoded', count.decoded, 'pictures', of('one')),
    ...figure('exact', count.exact, 'pictures', of('one')),
    ...figure('false', count.falseReadings, 'readings', of('one') + of('none')),
    ...figure('beside_the_true', count.others, 'readings', of('one')),
    ...figure('without_truth_file', count.several, 'readings', of('unknown')),
  ];
}

function timesOf(prefix: string, pictures: readonly CodePicture[], { ms }: Column): Figure[] {
  const times = ms.filter((_, i) => pictures[i]?.shows !== 'unknown').toSorted((a, b) => a - b);
  const n = times.length;
  const mean = times.reduce((sum, one) => sum + one, 0) / Math.max(1, n);
  const p95 = times[Math.min(n - 1, Math.floor(0.95 * n))] ?? 0;
  return [
    { figure: `${prefix}_mean`, value: mean, unit: 'ms', n },
    { figure: `${prefix}_p95`, value: p95, unit: 'ms', n },
  ];
}

/** The public interface of zxing-wasm takes pixels as a canvas gives them. */
function toRgba({ width, height, data }: Frame): ImageData {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4)
    rgba.set(data.subarray(from, from + 3), to);
  return { width, height, data: rgba, colorSpace: 'srgb' } as ImageData;
}
