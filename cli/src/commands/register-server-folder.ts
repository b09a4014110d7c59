import type { Command } from 'commander';
import type { helpFor } from '../help.ts';

/** What works on a server folder. */
export function registerServerFolderCommands(
  program: Command,
  help: ReturnType<typeof helpFor>,
  finish: (code: number) => never,
): void {
  program
    .command('check')
    .argument('<folder>', help.serverFolder)
    .description(help.check)
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (folder, options) =>
      finish(await (await import('./check.ts')).checkCommand(folder, options)),
    );
}
