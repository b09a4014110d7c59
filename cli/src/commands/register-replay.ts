import type { Command } from 'commander';
import type { helpFor } from '../help.ts';

/** `watchpost replay`: what other rules would have changed. */
export function registerReplayCommand(
  program: Command,
  help: ReturnType<typeof helpFor>,
  finish: (code: number) => never,
): void {
  program
    .command('replay')
    .argument('<folder>', help.serverFolder)
    .description(help.replay)
    .option('--rules <file>', help.replayRules)
    .requiredOption('--from <time>', help.replayFrom)
    .option('--to <time>', help.replayTo)
    .option('--site <id>', help.replaySite)
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (folder, options) =>
      finish(await (await import('./replay.ts')).replayCommand(folder, options)),
    );
}
