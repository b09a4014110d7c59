import type { Command } from 'commander';
import type { helpFor } from '../help.ts';

/** `watchpost models …`. Each command loads only what it needs. */
export function registerModelCommands(
  program: Command,
  help: ReturnType<typeof helpFor>,
  finish: (code: number) => never,
): void {
  const models = program.command('models').description(help.models);
  models
    .command('list')
    .description(help.modelsList)
    .option('--lang <lang>', help.lang)
    .action(async (options) => finish(await (await import('./models.ts')).listModelsCommand(options)));
  models
    .command('verify')
    .description(help.modelsVerify)
    .option('--files-from <folder>', help.filesFrom)
    .option('--lang <lang>', help.lang)
    .action(async (options) => finish(await (await import('./models.ts')).verifyModelsCommand(options)));
  models
    .command('card')
    .argument('[name]', help.modelName)
    .description(help.modelsCard)
    .option('--lang <lang>', help.lang)
    .action(async (name, options) =>
      finish(await (await import('./models.ts')).modelCardCommand(name, options)),
    );

  models
    .command('bench')
    .description(help.modelsBench)
    .option('--detector <name>', help.detector)
    .option('--recogniser <name>', help.recogniser)
    .option('--files-from <folder>', help.filesFrom)
    .option('--times <count>', help.times, '50')
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (options) => finish(await (await import('./models.ts')).benchModelsCommand(options)));
  models
    .command('expect')
    .description(help.modelsExpect)
    .requiredOption('--gallery <count>', help.gallery)
    .requiredOption('--people <count>', help.people)
    .option('--recogniser <name>', help.recogniserName, 'mobilefacenet-512')
    .option('--lang <lang>', help.lang)
    .action(async (options) => finish(await (await import('./models.ts')).expectCandidatesCommand(options)));
}
