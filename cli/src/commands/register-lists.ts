import type { Command } from 'commander';
import type { helpFor } from '../help.ts';

/** The watch and access lists: `watchpost lists …`, on a server that runs and on one that does not. */
export function registerListsCommands(
  program: Command,
  help: ReturnType<typeof helpFor>,
  finish: (code: number) => never,
): void {
  const lists = program.command('lists').description(help.lists);
  lists
    .command('rekey')
    .argument('<folder>', help.serverFolder)
    .description(help.listsRekey)
    .option('--site <id>', help.listsSite, (id: string, before: string[]) => [...before, id], [])
    .option('--reason <text>', help.listsReason)
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (folder, options) =>
      finish(await (await import('./lists.ts')).rekeyCommand(folder, options)),
    );
}
