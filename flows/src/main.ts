// First: Node-RED copies the functions of `fs` when it is loaded.
import './durable-writes.ts';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { WatchpostError } from '@watchpost/contracts';
import { pino } from 'pino';
import { parseFlowsConfig } from './config.ts';
import { assertConfined, giveUpPower } from './confinement.ts';
import { startFlows } from './flows-service.ts';

/**
 * `main.ts -` (configuration on standard input) or `main.ts CONFIG.json`: Node-RED as a process of its own, which ends with its
 * parent. Node must have been started with the options of `confinement`.
 */
async function main(): Promise<void> {
  const logger = pino({ name: 'flows', level: process.env.WATCHPOST_LOG_LEVEL ?? 'info' });
  let stop = (): void => process.exit(0);
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(event, () => stop());
  try {
    assertConfined();
    const flows = await startFlows({ ...(await readConfig(process.argv[2])), logger });
    stop = () => void flows.stop().then(() => process.exit(0));
    process.send?.({ ready: true, port: flows.port });
    giveUpPower();
  } catch (error) {
    const code = error instanceof WatchpostError ? error.code : 'config.invalid';
    const { details = {}, path } = error instanceof WatchpostError ? error : {};
    const message = error instanceof Error ? error.message : String(error);
    logger.fatal({ code, message, ...details }, 'flows cannot start');
    if (process.send)
      process.send({ ready: false, code, message, details, ...(path === undefined ? {} : { path }) }, () =>
        process.exit(1),
      );
    else process.exit(1);
  }
}

async function readConfig(path: string | undefined) {
  if (!path) throw new WatchpostError('config.invalid', { details: { expected: 'the path of a JSON file' } });
  let value: unknown;
  try {
    value = JSON.parse(path === '-' ? await text(process.stdin) : await readFile(path, 'utf8'));
  } catch (cause) {
    throw new WatchpostError('config.invalid', { path, details: { expected: 'a JSON file' }, cause });
  }
  return parseFlowsConfig(value);
}

await main();
