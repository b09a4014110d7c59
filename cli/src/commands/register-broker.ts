import type { Command } from 'commander';
import { brokerHelpFor } from '../broker-help.ts';

/** `watchpost broker top` and `watchpost broker rules`. */
export function registerBrokerCommands(broker: Command, finish: (code: number) => never): void {
  const help = brokerHelpFor(process.env);
  broker
    .command('top')
    .description(help.top)
    .option('--url <url>', help.url, 'http://127.0.0.1:9310/metrics')
    .option('--every <seconds>', help.every, '2')
    .option('--once', help.once, false)
    .option('--json', help.json, false)
    .option('--lang <lang>', help.lang)
    .action(async (options) => finish(await (await import('./broker-top.ts')).brokerTopCommand(options)));
  broker
    .command('rules')
    .description(help.rules)
    .requiredOption('--for <broker>', help.target)
    .requiredOption('--config <file>', help.config)
    .option('--out <folder>', help.out)
    .option('--lang <lang>', help.lang)
    .action(async (options) => finish(await (await import('./broker-rules.ts')).brokerRulesCommand(options)));
}
