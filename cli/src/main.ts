import { Command } from 'commander';
import { registerBrokerCommands } from './commands/register-broker.ts';
import { helpFor } from './help.ts';

const help = helpFor(process.env);
const program = new Command('watchpost').description(
  'Smart security for buildings, campuses and city blocks',
);

program
  .command('start')
  .description('run the whole product with the demo site')
  .option('--demo', 'the demo site (the only one there is yet)', true)
  .option('--json', 'print one line of JSON when everything is up', false)
  .action(async (options) => finish(await (await import('./commands/start.ts')).startCommand(options)));

const broker = program
  .command('broker')
  .description('run the broker alone')
  .option('--demo', 'on loopback, anonymous, any topic', false)
  .option('--deny-subscribe <filter>', 'with --demo: a filter that nobody may subscribe to')
  .action(async (options) => finish(await (await import('./commands/broker.ts')).brokerCommand(options)));
registerBrokerCommands(broker, finish);

const models = program.command('models').description(help.models);
models
  .command('list')
  .description(help.modelsList)
  .option('--lang <lang>', help.lang)
  .action(async (options) => finish(await (await import('./commands/models.ts')).listModelsCommand(options)));
models
  .command('verify')
  .description(help.modelsVerify)
  .option('--files-from <folder>', help.filesFrom)
  .option('--lang <lang>', help.lang)
  .action(async (options) =>
    finish(await (await import('./commands/models.ts')).verifyModelsCommand(options)),
  );
models
  .command('card')
  .argument('[name]', help.modelName)
  .description(help.modelsCard)
  .option('--lang <lang>', help.lang)
  .action(async (name, options) =>
    finish(await (await import('./commands/models.ts')).modelCardCommand(name, options)),
  );

const pass = program.command('pass').description(help.pass);
pass
  .command('new-key')
  .argument('<file>', help.keyFile)
  .description(help.newKey)
  .option('--kid <id>', help.kid)
  .option('--issuer <name>', help.issuer)
  .option('--lang <lang>', help.lang)
  .action(async (file, options) =>
    finish(await (await import('./commands/pass.ts')).newKeyCommand(file, options)),
  );
pass
  .command('issue')
  .description(help.issue)
  .requiredOption('--key <file>', help.key)
  .requiredOption('--audience <gates...>', help.audience)
  .option('--hours <hours>', help.hours, '8')
  .option('--uses <count>', help.uses, '1')
  .option('--address <code>', help.address)
  .option('--lang <lang>', help.lang)
  .action(async (options) => finish(await (await import('./commands/pass.ts')).issuePassCommand(options)));
pass
  .command('verify')
  .argument('[text]', help.passText)
  .description(help.verify)
  .requiredOption('--keys <file>', help.keys)
  .requiredOption('--audience <gate>', help.gate)
  .option('--lang <lang>', help.lang)
  .action(async (text, options) =>
    finish(await (await import('./commands/pass.ts')).verifyPassCommand(text, options)),
  );

// Each command loads only what it needs: the process that supervises a site stays small.

/** A handle left open must not keep a stopped product alive. */
function finish(code: number): never {
  process.exit(code);
}

await program.parseAsync();
