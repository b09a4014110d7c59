import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { badData } from './read-data.ts';

/** One picture of a code set and what is in it. */
export interface CodePicture {
  /** Path below the folder of the set. */
  readonly file: string;
  /**
   * `one`: a truth file beside it; `none`: known to show no code; `unknown`: nobody wrote down what it shows
   * (several codes).
   */
  readonly shows: 'one' | 'none' | 'unknown';
  /** Content of the truth file; empty unless `shows` is `one`. */
  readonly truth: Buffer;
}

/** What somebody read in a picture. */
export interface Reading {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** The text is a guess at bytes of an unknown character set. */
  readonly guessed?: boolean;
}

/**
 * Pictures below `dir`, sorted. The truth of `x.png` stands in `x.txt` or `x.bin`; an empty file, or no file
 * in a folder named `falsepositives…`, says that there is no code.
 * @throws WatchpostError `inference.evaluation_data` for a folder without pictures
 */
export async function listPictures(dir: string): Promise<CodePicture[]> {
  const all = await readdir(dir, { recursive: true }).catch((cause: unknown) => {
    throw badData('/', 'a folder that can be read', cause);
  });
  const files = all.filter((file) => /\.(png|jpe?g|gif|webp)$/i.test(file));
  if (files.length === 0) throw badData('/', 'pictures (png, jpeg, gif, webp)');
  return Promise.all(
    files.sort().map(async (file): Promise<CodePicture> => {
      const stem = join(dir, file.replace(/\.[^.]+$/, ''));
      const truth =
        (await readFile(`${stem}.txt`).catch(() => null)) ??
        (await readFile(`${stem}.bin`).catch(() => null));
      const empty = truth ? truth.length === 0 : /^falsepositives/i.test(basename(dirname(file)));
      return { file, shows: empty ? 'none' : truth ? 'one' : 'unknown', truth: truth ?? Buffer.alloc(0) };
    }),
  );
}

const plain = (some: string) => some.replace(/\r\n?/g, '\n').trim();

/**
 * Whether a reading is what the truth file says: the same bytes, or the same text but for line ends and
 * blanks around it. A reader that only gives bytes (zbar) is right in any character set that codes are
 * written in.
 */
export function isTrue({ text, bytes, guessed = false }: Reading, truth: Buffer): boolean {
  const wanted = plain(truth.toString('utf8'));
  const texts = guessed ? charsets.map((charset) => new TextDecoder(charset).decode(bytes)) : [text];
  return Buffer.from(bytes).equals(truth) || texts.some((one) => plain(one) === wanted);
}

const charsets = ['utf-8', 'shift_jis', 'gb18030', 'latin1'] as const;

/** What one reader made of a set. */
export interface CodeTally {
  /** Pictures with a truth file in which something was read. */
  readonly decoded: number;
  /** Of these, the ones with the true reading. */
  readonly exact: number;
  /**
   * Readings in pictures with a truth file and without the true reading, and all in pictures without a code.
   */
  readonly falseReadings: number;
  /** Other readings beside the true one: a truth file names one code, and a picture may show a second. */
  readonly others: number;
  /** Readings in pictures of which nobody wrote down what they show. */
  readonly several: number;
}

/** Counts; `readings` has one entry per picture, in their order. */
export function tally(
  pictures: readonly CodePicture[],
  readings: readonly (readonly Reading[])[],
): CodeTally {
  const sum = { decoded: 0, exact: 0, falseReadings: 0, others: 0, several: 0 };
  for (const [i, { shows, truth }] of pictures.entries()) {
    const found = readings[i] ?? [];
    const right = shows === 'one' ? found.filter((reading) => isTrue(reading, truth)).length : 0;
    if (shows === 'unknown') sum.several += found.length;
    else if (right > 0) sum.others += found.length - right;
    else sum.falseReadings += found.length;
    if (shows === 'one' && found.length > 0) sum.decoded++;
    if (right > 0) sum.exact++;
  }
  return sum;
}
