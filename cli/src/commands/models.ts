import { WatchpostError } from '@watchpost/contracts/errors';
import {
  benchModels,
  expectedCandidates,
  listModels,
  type ModelSetOptions,
  type ModelState,
  modelCard,
  verifyModels,
} from '@watchpost/inference';
import type { Texts } from '../texts.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';

export interface ModelsOptions {
  /** `en` or `zh-CN`; default the locale’s. */
  readonly lang?: string;
  /** Folder with model files that the user brings. */
  readonly filesFrom?: string;
}

/** `watchpost models list`: name, task, where the file comes from, licence. */
export function listModelsCommand({ lang }: ModelsOptions, io: CommandIo = terminal): Promise<number> {
  return runCommand(io, lang, async (texts) => {
    const rows = (await listModels()).map((manifest) => [
      manifest.name,
      manifest.task,
      manifest.package ?? texts.ownFile,
      manifest.licence,
    ]);
    io.out(inColumns(rows));
    return 0;
  });
}

/**
 * `watchpost models verify`: compares every file with the SHA-256 of its manifest. Exit code 1 when one
 * differs or one that Watchpost brings is missing; a file that users bring themselves may be absent.
 */
export function verifyModelsCommand(
  { lang, filesFrom }: ModelsOptions,
  io: CommandIo = terminal,
): Promise<number> {
  return runCommand(io, lang, async (texts) => {
    const states = await verifyModels(filesFrom);
    io.out(inColumns(states.map((one) => [one.manifest.name, wordOf(one, texts)])));
    return states.some(isFault) ? 1 : 0;
  });
}

/**
 * `watchpost models card [NAME]`: the card of one model, or of all, as Markdown. A name that no manifest has
 * is `config.invalid`.
 */
export function modelCardCommand(
  name: string | undefined,
  { lang }: ModelsOptions,
  io: CommandIo = terminal,
): Promise<number> {
  return runCommand(io, lang, async ({ chinese }) => {
    const all = await listModels();
    const chosen = name === undefined ? all : all.filter((manifest) => manifest.name === name);
    if (chosen.length === 0) {
      const expected = all.map((manifest) => manifest.name).join(', ');
      throw new WatchpostError('config.invalid', { path: '/NAME', details: { expected } });
    }
    io.out(chosen.map((manifest) => modelCard(manifest, chinese ? 'zh-CN' : 'en')).join('\n'));
    return 0;
  });
}

export interface BenchModelsOptions extends ModelsOptions {
  readonly detector?: string;
  readonly recogniser?: string;
  readonly times: string;
  readonly json?: boolean;
}

/**
 * `watchpost models bench`: how long one run of each model takes on this machine, on one thread; as JSON
 * lines with `--json`.
 */
export function benchModelsCommand(options: BenchModelsOptions, io: CommandIo = terminal): Promise<number> {
  return runCommand(io, options.lang, async (texts) => {
    const times = wholeNumber('/--times', options.times, 100_000);
    const { detector, recogniser, filesFrom } = options;
    const set: ModelSetOptions = {
      liveness: true,
      ...(detector ? { detector } : {}),
      ...(recogniser ? { recogniser } : {}),
      ...(filesFrom ? { filesFrom } : {}),
    };
    const timings = await benchModels(set, times);
    if (options.json) {
      for (const { name, runMs } of timings)
        io.out(`${JSON.stringify({ figure: `run_${name}_ms`, value: runMs, unit: 'ms', n: times })}\n`);
      return 0;
    }
    const rows = timings.map(({ name, task, input, runMs }) => [name, task, input, `${runMs.toFixed(2)} ms`]);
    io.out(inColumns(rows));
    io.out(`${texts.benchedWith.replace('{times}', String(times))}\n`);
    return 0;
  });
}

export interface ExpectOptions {
  readonly lang?: string;
  /** Entries in the gallery. */
  readonly gallery: string;
  /** People who pass the camera in a day. */
  readonly people: string;
  /** Name of a recogniser’s manifest. */
  readonly recogniser: string;
}

/**
 * `watchpost models expect`: false candidates per day to expect at each measured threshold, for a gallery and
 * a camera’s traffic.
 */
export function expectCandidatesCommand(options: ExpectOptions, io: CommandIo = terminal): Promise<number> {
  return runCommand(io, options.lang, async (texts) => {
    const gallery = wholeNumber('/--gallery', options.gallery, 100_000);
    const people = wholeNumber('/--people', options.people, 10_000_000);
    const all = (await listModels()).filter(({ task }) => task === 'recognise');
    const manifest = all.find(({ name }) => name === options.recogniser);
    if (!manifest?.thresholds) {
      const expected = all.map(({ name }) => name).join(', ');
      throw new WatchpostError('config.invalid', { path: '/--recogniser', details: { expected } });
    }
    const rows = expectedCandidates(manifest.thresholds, gallery, people).map((row) => [
      `${row.cosine}${row.cosine === manifest.defaultCosine ? ' *' : ''}`,
      String(row.falseMatchRate),
      `${(100 * row.truePositiveRate).toFixed(1)} %`,
      String(Number(row.falsePerDay.toPrecision(3))),
    ]);
    io.out(inColumns([[texts.cosine, texts.falseMatchRate, texts.trueMatches, texts.falsePerDay], ...rows]));
    io.out(`${texts.expectNote.replace('{data}', manifest.measuredOn ?? '–')}\n`);
    return 0;
  });
}

function wholeNumber(path: string, text: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= most) return value;
  throw new WatchpostError('config.invalid', {
    path,
    details: { expected: `a whole number of 1 … ${most}` },
  });
}

const isFault = ({ manifest, state }: ModelState) =>
  state === 'changed' || (state === 'missing' && manifest.package !== undefined);

function wordOf(one: ModelState, texts: Texts): string {
  if (one.state === 'good') return texts.modelGood;
  if (one.state === 'changed') return `${texts.modelChanged} [inference.model_hash]`;
  return isFault(one) ? `${texts.modelMissing} [inference.model_missing]` : texts.modelNotBrought;
}

/** Rows of cells, all columns but the last as wide as their widest cell. */
function inColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}
