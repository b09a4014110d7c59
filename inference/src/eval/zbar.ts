import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GrayImage } from '../codes/zxing.ts';
import type { Reading } from './code-set.ts';

/** What `zbarimg` (Debian: zbar-tools) made of pictures, in their order. */
export interface ZbarRun {
  readonly readings: readonly (readonly Reading[])[];
  /** Wall time of the whole process, start and reading of the PGM files included. */
  readonly ms: number;
}

/**
 * Writes pictures one by one into a folder of its own and reads them all in one process at the end, with the
 * tool's default settings.
 */
export class ZbarBatch {
  readonly #folder: string;
  readonly #files: string[] = [];

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** null when there is no `zbarimg` on the PATH. */
  static async open(): Promise<ZbarBatch | null> {
    const version = await zbarimg(['--version']).catch(() => null);
    return version === null ? null : new ZbarBatch(await mkdtemp(join(tmpdir(), 'watchpost-zbar-')));
  }

  /** Keeps a picture for `run`, as a PGM file that costs next to nothing to decode. */
  async add({ width, height, data }: GrayImage): Promise<void> {
    const file = join(this.#folder, `${this.#files.length}.pgm`);
    this.#files.push(file);
    await writeFile(file, Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), data]));
  }

  /** Reads every picture that was added. @throws Error when the process fails */
  async run(): Promise<ZbarRun> {
    const byFile = new Map<string, Reading[]>();
    const started = performance.now();
    // An argument list has a limit.
    for (let i = 0; i < this.#files.length; i += 500) {
      const xml = (
        await zbarimg(['--quiet', '--nodbus', '--xml', ...this.#files.slice(i, i + 500)])
      ).toString('utf8');
      for (const [file, readings] of parseZbarXml(xml)) byFile.set(file, readings);
    }
    const ms = performance.now() - started;
    // Its guess of a character set mangles texts that are not UTF-8, and the count is of codes, not of
    // guesses: once more as raw bytes.
    for (const [file, [only, ...more]] of byFile) {
      if (!only?.guessed || more.length > 0) continue;
      const bytes = await zbarimg(['--quiet', '--nodbus', '-Sbinary', file]);
      byFile.set(file, [{ ...only, bytes }]);
    }
    return { readings: this.#files.map((file) => byFile.get(file) ?? []), ms };
  }

  /** Removes the pictures. */
  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Readings by the `href` of their source. Text that is no UTF-8 comes as base64. */
export function parseZbarXml(xml: string): Map<string, Reading[]> {
  const byFile = new Map<string, Reading[]>();
  for (const [, href = '', body = ''] of xml.matchAll(/<source href='([^']*)'>([\s\S]*?)<\/source>/g)) {
    const symbols = body.matchAll(
      /<data(?: format='(base64)'[^>]*)?>((?:<!\[CDATA\[[\s\S]*?\]\]>)+)<\/data>/g,
    );
    byFile.set(
      href,
      [...symbols].map(([, format, quoted = '']) => {
        const text = quoted.replaceAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1');
        const bytes = Buffer.from(text, format ? 'base64' : 'utf8');
        return { text: bytes.toString('utf8'), bytes, guessed: format !== undefined };
      }),
    );
  }
  return byFile;
}

/** Exit code 4 says that some picture held no code. */
function zbarimg(args: readonly string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('zbarimg', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0 || code === 4) resolve(Buffer.concat(chunks));
      else reject(new Error(`zbarimg ended with ${code}`));
    });
  });
}
