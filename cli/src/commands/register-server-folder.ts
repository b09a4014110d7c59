import type { Command } from 'commander';
import type { helpFor } from '../help.ts';

/** What works on a server folder. */
export function registerServerFolderCommands(
  program: Command,
  help: ReturnType<typeof helpFor>,
  finish: (code: number) => never,
): void {
  program
    .command('init')
    .argument('<folder>', help.newServerFolder)
    .description(help.init)
    .option('--site <id>', help.newSiteId)
    .option('--name <text>', help.siteName)
    .option('--name-en <text>', help.siteNameEn)
    .option('--time-zone <name>', help.timeZone)
    .option('--at <latitude,longitude>', help.siteAt)
    .option('--host <name>', help.hostNames, (name: string, before: string[] = []) => [...before, name])
    .option('--port <port>', help.consolePort)
    .option('--user <name>', help.serviceUser)
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (folder, options) =>
      finish(await (await import('./init.ts')).initCommand(folder, options)),
    );
  program
    .command('up')
    .argument('<folder>', help.serverFolder)
    .description(help.up)
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (folder, options) => finish(await (await import('./up.ts')).upCommand(folder, options)));
  program
    .command('check')
    .argument('<folder>', help.serverFolder)
    .description(help.check)
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (folder, options) =>
      finish(await (await import('./check.ts')).checkCommand(folder, options)),
    );
  program
    .command('plan')
    .argument('<folder>', help.serverFolder)
    .description(help.plan)
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (folder, options) =>
      finish(await (await import('./plan.ts')).planCommand(folder, options)),
    );
  program
    .command('apply')
    .argument('<folder>', help.serverFolder)
    .description(help.apply)
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (folder, options) =>
      finish(await (await import('./apply.ts')).applyCommand(folder, options)),
    );
  program
    .command('add')
    .argument('<what>', 'camera, reader, sensor')
    .argument('<folder>', help.serverFolder)
    .description(help.addDevice)
    .requiredOption('--id <id>', help.deviceId)
    .option('--site <id>', help.siteId)
    .option('--kind <kind>', help.deviceKind)
    .option('--profile <id>', help.deviceProfile)
    .option('--gateway <id>', help.deviceGateway)
    .option('--zone <id>', help.deviceZone)
    .option('--name <text>', help.deviceName)
    .option('--name-en <text>', help.deviceNameEn)
    .option('--at <x,y>', help.deviceAt)
    .option('--url <address>', help.cameraUrl)
    .option('--user <name>', help.cameraUser)
    .option('--password <secret>', help.cameraPassword)
    .option('--set <path=value>', help.deviceSet, (value: string, before: string[]) => [...before, value], [])
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (what, folder, options) =>
      finish(await (await import('./add-device.ts')).addDeviceCommand(what, folder, options)),
    );
}
