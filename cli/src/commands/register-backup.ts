import type { Command } from 'commander';
import type { helpFor } from '../help.ts';

/** What keeps a server: backups, and what comes back from them. */
export function registerBackupCommands(
  program: Command,
  help: ReturnType<typeof helpFor>,
  finish: (code: number) => never,
): void {
  program
    .command('backup')
    .argument('<folder>', help.serverFolder)
    .description(help.backup)
    .requiredOption('--to <file>', help.backupTo)
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (folder, options) =>
      finish(await (await import('./backup.ts')).backupCommand(folder, options)),
    );
  program
    .command('restore')
    .argument('<file>', help.archive)
    .argument('<folder>', help.emptyFolder)
    .description(help.restore)
    .option('--key-file <file>', help.recoveryKeyFile)
    .option('--head <position:hash>', help.restoreHead)
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (file, folder, options) =>
      finish(await (await import('./restore.ts')).restoreCommand(file, folder, options)),
    );
  program
    .command('store')
    .description(help.store)
    .command('move')
    .argument('<folder>', help.serverFolder)
    .description(help.storeMove)
    .requiredOption('--to <kind>', help.moveTo)
    .option('--secret <name>', help.moveSecret)
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (folder, options) =>
      finish(await (await import('./store-move.ts')).storeMoveCommand(folder, options)),
    );
  program
    .command('upgrade')
    .description(help.upgrade)
    .command('check')
    .argument('<folder>', help.serverFolder)
    .description(help.upgradeCheck)
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (folder, options) =>
      finish(await (await import('./upgrade-check.ts')).upgradeCheckCommand(folder, options)),
    );
}
