import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExportTarget, exportedFiles, exportTargets, parseBrokerConfig } from '@watchpost/broker';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type CommandIo, runCommand, terminal } from './command-io.ts';

export interface BrokerRulesOptions {
  readonly for: string;
  readonly config: string;
  readonly out?: string;
  readonly lang?: string;
}

/**
 * `watchpost broker rules`: the topic rules as configuration of another broker, printed, or written without
 * overwriting.
 */
export function brokerRulesCommand(options: BrokerRulesOptions, io: CommandIo = terminal): Promise<number> {
  return runCommand(io, options.lang, async (texts) => {
    const target = targetOf(options.for);
    const files = exportedFiles(target, parseBrokerConfig(await readJson(options.config)));
    const { out } = options;
    if (out === undefined) {
      const parts = Object.entries(files).map(([name, text]) => `# ---- ${name}\n${text}`);
      io.out(parts.join('\n'));
      return 0;
    }
    await mkdir(out, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeNew(join(out, name), text);
    io.err(`${texts.rulesWritten}: ${Object.keys(files).join(', ')}\n`);
    return 0;
  });
}

function targetOf(name: string): ExportTarget {
  const found = exportTargets.find((target) => target === name);
  if (found) return found;
  throw new WatchpostError('config.invalid', {
    path: '/--for',
    details: { expected: exportTargets.join(', ') },
  });
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new WatchpostError('config.invalid', {
      path: '/--config',
      details: { expected: 'a JSON file' },
      cause,
    });
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new WatchpostError('config.invalid', {
      path: '/--out',
      details: { expected: 'a folder without these files' },
      cause,
    });
  }
}
