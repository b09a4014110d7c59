import type { CommandIo } from './command-io.ts';

/** What a command is given in tests, with what it wrote. */
export function testIo(options: { readonly input?: string; readonly locale?: string } = {}): CommandIo & {
  readonly written: { out: string; err: string };
} {
  const written = { out: '', err: '' };
  return {
    environment: { LANG: options.locale ?? 'C' },
    input: (async function* () {
      yield Buffer.from(options.input ?? '');
    })(),
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    written,
  };
}
