import type { Command } from 'commander';
import type { helpFor } from '../help.ts';

type Help = ReturnType<typeof helpFor>;
type Finish = (code: number) => never;

/** `watchpost pass …`. Each command loads only what it needs. */
export function registerPassCommands(program: Command, help: Help, finish: Finish): void {
  const pass = program.command('pass').description(help.pass);
  pass
    .command('new-key')
    .argument('<file>', help.keyFile)
    .description(help.newKey)
    .option('--kid <id>', help.kid)
    .option('--issuer <name>', help.issuer)
    .option('--lang <lang>', help.lang)
    .action(async (file, options) => finish(await (await import('./pass.ts')).newKeyCommand(file, options)));
  pass
    .command('issue')
    .description(help.issue)
    .requiredOption('--key <file>', help.key)
    .requiredOption('--audience <gates...>', help.audience)
    .option('--hours <hours>', help.hours, '8')
    .option('--uses <count>', help.uses, '1')
    .option('--address <code>', help.address)
    .option('--bind <public>', help.bind)
    .option('--holder-key <file>', help.holderKeyOf)
    .option('--lang <lang>', help.lang)
    .action(async (options) => finish(await (await import('./pass.ts')).issuePassCommand(options)));
  pass
    .command('new-holder-key')
    .argument('<file>', help.keyFile)
    .description(help.newHolderKey)
    .option('--lang <lang>', help.lang)
    .action(async (file, options) =>
      finish(await (await import('./pass-life.ts')).newHolderKeyCommand(file, options)),
    );
  pass
    .command('present')
    .argument('[text]', help.passText)
    .description(help.present)
    .requiredOption('--holder-key <file>', help.holderKey)
    .option('--lang <lang>', help.lang)
    .action(async (text, options) =>
      finish(await (await import('./pass-life.ts')).presentCommand(text, options)),
    );
  pass
    .command('verify')
    .argument('[text]', help.passText)
    .description(help.verify)
    .requiredOption('--keys <file>', help.keys)
    .requiredOption('--audience <gate>', help.gate)
    .option('--revocations <file>', help.revocations)
    .option('--lang <lang>', help.lang)
    .action(async (text, options) =>
      finish(await (await import('./pass.ts')).verifyPassCommand(text, options)),
    );
  pass
    .command('redeem')
    .argument('[text]', help.passText)
    .description(help.redeem)
    .requiredOption('--keys <file>', help.keys)
    .requiredOption('--audience <gate>', help.gate)
    .requiredOption('--ledger <file>', help.ledger)
    .option('--revocations <file>', help.revocations)
    .option('--lang <lang>', help.lang)
    .action(async (text, options) =>
      finish(await (await import('./pass-life.ts')).redeemCommand(text, options)),
    );
  pass
    .command('revoke')
    .argument('[ids...]', help.ids)
    .description(help.revoke)
    .requiredOption('--key <file>', help.key)
    .requiredOption('--list <file>', help.list)
    .option('--hours <hours>', help.listHours, '168')
    .option('--lang <lang>', help.lang)
    .action(async (ids, options) =>
      finish(await (await import('./pass-life.ts')).revokeCommand(ids, options)),
    );
  pass
    .command('rotate')
    .argument('<file>', help.rotateFile)
    .description(help.rotate)
    .option('--overlap <hours>', help.overlap, '168')
    .option('--leaked', help.leaked, false)
    .option('--lang <lang>', help.lang)
    .action(async (file, options) =>
      finish(await (await import('./pass-life.ts')).rotateCommand(file, options)),
    );
}

/** `watchpost plate …`. */
export function registerPlateCommands(program: Command, help: Help, finish: Finish): void {
  const plate = program.command('plate').description(help.plate);
  plate
    .command('issue')
    .description(help.plateIssue)
    .requiredOption('--key <file>', help.key)
    .requiredOption('--domain <name>', help.domain)
    .requiredOption('--id <id>', help.plateId)
    .option('--lang <lang>', help.lang)
    .action(async (options) => finish(await (await import('./plate.ts')).issuePlateCommand(options)));
  plate
    .command('verify')
    .argument('[text]', help.plateText)
    .description(help.plateVerify)
    .requiredOption('--keys <file>', help.keys)
    .option('--domain <name>', help.onlyDomain)
    .option('--lang <lang>', help.lang)
    .action(async (text, options) =>
      finish(await (await import('./plate.ts')).verifyPlateCommand(text, options)),
    );
}
