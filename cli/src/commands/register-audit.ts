import type { Command } from 'commander';
import type { helpFor } from '../help.ts';

/** Who did what: `watchpost audit …`, on a server that runs and on one that does not. */
export function registerAuditCommands(
  program: Command,
  help: ReturnType<typeof helpFor>,
  finish: (code: number) => never,
): void {
  const audit = program.command('audit').description(help.audit);
  const commands = () => import('./audit.ts');
  audit
    .command('verify')
    .argument('<place>', help.auditPlace)
    .description(help.auditVerify)
    .option('--head <position:hash>', help.auditHead)
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (place, options) => finish(await (await commands()).verifyAuditCommand(place, options)));
  audit
    .command('export')
    .argument('<folder>', help.serverFolder)
    .description(help.auditExport)
    .option('--lang <lang>', help.lang)
    .action(async (folder, options) => finish(await (await commands()).exportAuditCommand(folder, options)));
}
