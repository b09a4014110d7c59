import { WatchpostError } from '@watchpost/contracts/errors';
import { errorLine } from '../error-line.ts';
import { fileFault } from '../file-fault.ts';
import { languages, type Texts, textsFor } from '../texts.ts';

/** What a short command reads and writes. */
export interface CommandIo {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly input: AsyncIterable<Uint8Array>;
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
}

/** The terminal. */
export const terminal: CommandIo = {
  environment: process.env,
  input: process.stdin,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/**
 * Texts in the language of `--lang`, else of the locale.
 * @throws WatchpostError `config.invalid`
 */
export function textsOf(environment: CommandIo['environment'], lang: string | undefined): Texts {
  if (lang === undefined) return textsFor(environment);
  if (languages.some((known) => known === lang)) return textsFor({ LANG: lang });
  throw new WatchpostError('config.invalid', {
    path: '/--lang',
    details: { expected: languages.join(', ') },
  });
}

/**
 * Runs a command in the language of `--lang`, else of the locale. Gives its exit code; a coded error is one
 * line on standard error and exit code 2, so that 1 stays for "the answer is no".
 */
export async function runCommand(
  io: CommandIo,
  lang: string | undefined,
  run: (texts: Texts) => Promise<number>,
): Promise<number> {
  let texts = textsFor(io.environment);
  try {
    texts = textsOf(io.environment, lang);
    return await run(texts);
  } catch (error) {
    const known = error instanceof WatchpostError ? error : fileFault(error);
    if (!known) throw error;
    io.err(`${errorLine(known, texts)}\n`);
    return 2;
  }
}
