import { certificatePolicy, claimCodePolicy, claimPolicy } from '@watchpost/identity/policy';
import type { Command } from 'commander';
import { identityHelp } from '../identity-texts.ts';

/** Ends the process with a command’s exit code. */
type Finish = (code: number) => never;

/** Adds `watchpost gateway …` and `watchpost token …`; each loads what it needs when it runs. */
export function registerIdentity(program: Command, finish: Finish): void {
  const help = identityHelp(process.env);
  registerGateway(program.command('gateway').description(help.gateway), help, finish);
  registerToken(program.command('token').description(help.token), help, finish);
}

function registerGateway(gateway: Command, help: ReturnType<typeof identityHelp>, finish: Finish): void {
  const commands = () => import('./gateway.ts');
  const withFolder = (name: string) =>
    gateway.command(name).option('--ca <folder>', help.ca, 'ca').option('--lang <lang>', help.lang);
  withFolder('new-ca')
    .description(help.newCa)
    .requiredOption('--site <site>', help.site)
    .action(async (options) => finish(await (await commands()).newCaCommand(options)));
  withFolder('server-certificate')
    .description(help.serverCertificate)
    .requiredOption('--host <names...>', help.hosts)
    .option('--days <days>', help.days, String(certificatePolicy.serverLifeDays))
    .action(async (options) => finish(await (await commands()).serverCertificateCommand(options)));
  withFolder('serve')
    .description(help.serve)
    .option('--host <host>', help.listenHost, '127.0.0.1')
    .option('--port <port>', help.port, '8884')
    .option('--metrics-port <port>', help.metricsPort)
    .option('--days <days>', help.days, String(claimPolicy.lifeDays))
    .action(async (options) => finish(await (await commands()).serveClaimsCommand(options)));
  withFolder('invite')
    .argument('<gateway>', help.gatewayId)
    .description(help.invite)
    .option('--minutes <minutes>', help.minutes, String(claimCodePolicy.lifeMinutes))
    .action(async (id, options) => finish(await (await commands()).inviteCommand(id, options)));
  withFolder('revoke')
    .argument('<target>', help.target)
    .description(help.revoke)
    .action(async (target, options) => finish(await (await commands()).revokeCommand(target, options)));
  withFolder('readmit')
    .argument('<gateway>', help.gatewayId)
    .description(help.readmit)
    .action(async (id, options) => finish(await (await commands()).readmitCommand(id, options)));
  withFolder('list')
    .description(help.list)
    .action(async (options) => finish(await (await commands()).listCommand(options)));

  const onGateway = (name: string) =>
    gateway
      .command(name)
      .requiredOption('--url <url>', help.url)
      .option('--into <folder>', help.into, 'identity')
      .option('--lang <lang>', help.lang);
  onGateway('claim')
    .argument('[code]', help.code)
    .description(help.claim)
    .action(async (code, options) => finish(await (await commands()).claimCommand(code, options)));
  onGateway('renew')
    .description(help.renew)
    .action(async (options) => finish(await (await commands()).renewCommand(options)));
  gateway
    .command('run')
    .argument('<config>', help.config)
    .description(help.run)
    .option('--lang <lang>', help.lang)
    .action(async (config, options) => finish(await (await commands()).runGatewayCommand(config, options)));
}

function registerToken(token: Command, help: ReturnType<typeof identityHelp>, finish: Finish): void {
  const commands = () => import('./token.ts');
  token
    .command('new-key')
    .argument('<file>', help.keyFile)
    .description(help.newKey)
    .option('--kid <id>', help.kid)
    .option('--kinds <kinds...>', help.kinds)
    .option('--lang <lang>', help.lang)
    .action(async (file, options) => finish(await (await commands()).newTokenKeyCommand(file, options)));
  token
    .command('issue')
    .description(help.issue)
    .requiredOption('--key <file>', help.key)
    .requiredOption('--kind <kind>', help.kind)
    .requiredOption('--subject <name>', help.subject)
    .requiredOption('--site <site>', help.site)
    .option('--issuer <name>', help.issuer, 'watchpost')
    .option('--minutes <minutes>', help.minutes)
    .option('--publish <filters...>', help.publish)
    .option('--subscribe <filters...>', help.subscribe)
    .option('--lang <lang>', help.lang)
    .action(async (options) => finish(await (await commands()).issueTokenCommand(options)));
  token
    .command('inspect')
    .argument('[token]', help.tokenText)
    .description(help.inspect)
    .option('--keys <file>', help.keys)
    .option('--site <site>', help.site)
    .option('--issuer <name>', help.issuer, 'watchpost')
    .option('--lang <lang>', help.lang)
    .action(async (text, options) => finish(await (await commands()).inspectTokenCommand(text, options)));
  token
    .command('revoke')
    .description(help.revokeToken)
    .option('--ca <folder>', help.ca, 'ca')
    .option('--id <jti>', help.revokeId)
    .option('--subject <name>', help.revokeSubject)
    .option('--key <kid>', help.revokeKey)
    .option('--lang <lang>', help.lang)
    .action(async (options) => finish(await (await commands()).revokeTokenCommand(options)));
}
