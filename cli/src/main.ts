import { endWithParent, forbidCoreDumps } from '@watchpost/service';
import { Command } from 'commander';
import { speak } from './command-line-texts.ts';
import { registerAuditCommands } from './commands/register-audit.ts';
import { registerBackupCommands } from './commands/register-backup.ts';
import { registerBrokerCommands } from './commands/register-broker.ts';
import { registerIdentity } from './commands/register-identity.ts';
import { registerListsCommands } from './commands/register-lists.ts';
import { registerModelCommands } from './commands/register-models.ts';
import { registerPassCommands, registerPlateCommands } from './commands/register-pass.ts';
import { registerReplayCommand } from './commands/register-replay.ts';
import { registerServerFolderCommands } from './commands/register-server-folder.ts';
import { registerUserCommands } from './commands/register-user.ts';
import { helpFor } from './help.ts';
import { commandPolicy } from './policy.ts';
import { textsFor } from './texts.ts';

// Whoever started us is gone: end as after SIGTERM, for which each command that runs on has its own way.
endWithParent(() => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), commandPolicy.endAfterMs).unref();
});
// Started without scripts/run.mjs nobody has set the limit.
forbidCoreDumps();

const help = helpFor(process.env);
// Positional: what stands behind a subcommand is the subcommand's (`broker` and `broker rules` both have a
// `--config`).
const program = speak(new Command('watchpost'), textsFor(process.env).chinese)
  .description(help.product)
  .enablePositionalOptions()
  // 1 is the answer “no” of a command; what is not understood is an error.
  .exitOverride(({ exitCode }) => finish(exitCode === 0 ? 0 : 2));

program
  .command('start')
  .description(help.start)
  .option('--demo', help.startDemo, true)
  .option('--json', help.startJson, false)
  .action(async (options) => finish(await (await import('./commands/start.ts')).startCommand(options)));

const broker = program
  .command('broker')
  .enablePositionalOptions()
  .description(help.broker)
  .option('--demo', help.brokerDemo, false)
  .option('--config <file>', help.brokerConfig)
  .option('--deny-subscribe <filter>', help.brokerDeny)
  .action(async (options) => finish(await (await import('./commands/broker.ts')).brokerCommand(options)));
registerBrokerCommands(broker, finish);

registerModelCommands(program, help, finish);
registerPassCommands(program, help, finish);
registerPlateCommands(program, help, finish);
registerServerFolderCommands(program, help, finish);
registerUserCommands(program, help, finish);
registerAuditCommands(program, help, finish);
registerListsCommands(program, help, finish);
registerReplayCommand(program, help, finish);
registerBackupCommands(program, help, finish);

registerIdentity(program, finish);

// Each command loads only what it needs: the process that supervises a site stays small.

/** A handle left open must not keep a stopped product alive. */
function finish(code: number): never {
  process.exit(code);
}

try {
  await program.parseAsync();
} catch (error) {
  const line = (await import('./absent-part-line.ts')).absentPartLine(error);
  if (line === undefined) throw error;
  process.stderr.write(`${line}\n`);
  finish(2);
}
