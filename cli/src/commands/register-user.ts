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
    command.option('--json', help.json, false).option('--lang <lang>', help.lang);
  const ofFolder = (command: Command): Command =>
    withOptions(command.argument('<folder>', help.serverFolder));
  const ofPerson = (command: Command): Command =>
    withOptions(command.argument('<folder>', help.serverFolder).argument('<name>', help.userName));
  ofFolder(user.command('list').description(help.userList)).action(async (folder, options) =>
    finish(await (await commands()).listUsersCommand(folder, options)),
  );
  ofPerson(user.command('add').description(help.userAdd))
    .requiredOption('--role <role>', help.userRole)
    .option('--site <id>', help.userSite, (id: string, before: string[]) => [...before, id], [])
    .option('--zone <site/zone>', help.userZone, (id: string, before: string[]) => [...before, id], [])
    .action(async (folder, name, options) =>
      finish(await (await commands()).addUserCommand(folder, name, options)),
    );
  ofPerson(user.command('disable').description(help.userDisable)).action(async (folder, name, options) =>
    finish(await (await commands()).disableUserCommand(folder, name, options)),
  );
  ofPerson(user.command('reset').description(help.userReset)).action(async (folder, name, options) =>
    finish(await (await commands()).resetUserCommand(folder, name, options)),
  );
  ofFolder(user.command('link').description(help.userLink)).action(async (folder, options) =>
    finish(await (await commands()).linkCommand(folder, options)),
  );
}
