import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCodeReader } from '../codes/code-reader.ts';
import type { CodeReading } from '../codes/reading.ts';
import { decodeImage } from '../frame/decode-image.ts';
import { type Figure, progress } from './figures.ts';

/** Result of one picture. */
interface CodeCase {
  readonly file: string;
  readonly decoded: boolean;
  readonly exact: boolean;
  /** Readings that are not what is in the picture. */
  readonly wrong: number;
  /** Reading without decoding the picture file. */
  readonly ms: number;
}

/**
 * Folders of pictures in `dir`; beside `x.png` the truth in `x.txt` or `x.bin`. A picture is decoded when something was read, exact when the text or the
 * bytes of a reading are the truth; where none is, each reading is a false hit (a truth file names one code, and a picture may show a second one). Pictures without a truth file (several codes) count as decoded only.
 */
export async function evaluateCodes(dir: string): Promise<Figure[]> {
  const files = (await readdir(dir, { recursive: true }))
    .filter((file) => /\.(png|jpe?g|gif|webp)$/i.test(file))
    .sort();
  const reader = createCodeReader();
  const plain = createCodeReader({ secondLookMs: 0 });
  const cases: CodeCase[] = [];
  let plainDecoded = 0;
  for (const [i, file] of files.entries()) {
    const frame = await decodeImage(await readFile(join(dir, file)), { capturedAt: 0 });
    if (i === 0) await reader.read(frame);
    const started = performance.now();
    const found = await reader.read(frame);
    cases.push(judge(file, found, await truthOf(join(dir, file)), performance.now() - started));
    if ((await plain.read(frame)).length > 0) plainDecoded++;
    progress(i + 1, files.length);
  }
  const n = cases.length;
  const count = (of: (one: CodeCase) => boolean) => cases.filter(of).length;
  return [
    { figure: 'codes_decoded', value: count(({ decoded }) => decoded), unit: 'pictures', n },
    { figure: 'codes_exact', value: count(({ exact }) => exact), unit: 'pictures', n },
    { figure: 'codes_false', value: cases.reduce((sum, { wrong }) => sum + wrong, 0), unit: 'readings', n },
    { figure: 'codes_decoded_first_look', value: plainDecoded, unit: 'pictures', n },
    { figure: 'codes_ms_mean', value: cases.reduce((sum, { ms }) => sum + ms, 0) / n, unit: 'ms', n },
  ];
}

async function truthOf(image: string): Promise<Buffer | null> {
  const stem = image.replace(/\.[^.]+$/, '');
  return (
    (await readFile(`${stem}.txt`).catch(() => null)) ?? (await readFile(`${stem}.bin`).catch(() => null))
  );
}

function judge(file: string, found: readonly CodeReading[], truth: Buffer | null, ms: number): CodeCase {
  const wanted = truth?.toString('utf8').replace(/\r\n/g, '\n').trim();
  const isTrue = ({ text, bytes }: CodeReading) =>
    truth !== null && (text.replace(/\r\n/g, '\n').trim() === wanted || Buffer.from(bytes).equals(truth));
  const exact = found.some(isTrue);
  return {
    file,
    decoded: found.length > 0,
    exact,
    wrong: truth && !exact ? found.length : 0,
    ms,
  };
}
