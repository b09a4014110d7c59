import { WatchpostError } from '@watchpost/contracts';
import { listModels, type ModelState, modelCard, verifyModels } from '@watchpost/inference';
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
 * `watchpost models verify`: compares every file with the SHA-256 of its manifest. Exit code 1 when one differs or one that Watchpost brings is missing; a file
 * that users bring themselves may be absent.
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
 * `watchpost models card [NAME]`: the card of one model, or of all, as Markdown. A name that no manifest has is
 * `config.invalid`.
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
