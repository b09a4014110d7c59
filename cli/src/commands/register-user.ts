import type { Command } from 'commander';
import type { helpFor } from '../help.ts';

/** Who may log in: `watchpost user …`, on a server that runs and on one that does not. */
export function registerUserCommands(
  program: Command,
  help: ReturnType<typeof helpFor>,
  finish: (code: number) => never,
): void {
  const user = program.command('user').description(help.user);
  const commands = () => import('./user.ts');
  const withOptions = (command: Command): Command =>
    command
      .argument('<folder>', help.serverFolder)
      .option('--json', help.json, false)
      .option('--lang <lang>', help.lang);
  withOptions(user.command('list').description(help.userList)).action(async (folder, options) =>
    finish(await (await commands()).listUsersCommand(folder, options)),
  );
  withOptions(user.command('add').argument('<name>', help.userName).description(help.userAdd))
    .requiredOption('--role <role>', help.userRole)
    .option('--site <id>', help.userSite, (id: string, before: string[]) => [...before, id], [])
    .option('--zone <site/zone>', help.userZone, (id: string, before: string[]) => [...before, id], [])
    .action(async (name, folder, options) =>
      finish(await (await commands()).addUserCommand(name, folder, options)),
    );
  withOptions(user.command('disable').argument('<name>', help.userName).description(help.userDisable)).action(
    async (name, folder, options) =>
      finish(await (await commands()).disableUserCommand(name, folder, options)),
  );
  withOptions(user.command('reset').argument('<name>', help.userName).description(help.userReset)).action(
    async (name, folder, options) => finish(await (await commands()).resetUserCommand(name, folder, options)),
  );
  withOptions(user.command('link').description(help.userLink)).action(async (folder, options) =>
    finish(await (await commands()).linkCommand(folder, options)),
  );
}
