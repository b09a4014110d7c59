import { readFile } from 'node:fs/promises';
import { WatchpostError } from '@watchpost/contracts';
import { pino } from 'pino';
import { parseFlowsConfig } from './config.ts';
import { startFlows } from './flows-service.ts';

/** `main.ts CONFIG.json`: Node-RED as a process of its own, which ends with its parent. */
async function main(): Promise<void> {
  const logger = pino({ name: 'flows', level: process.env.WATCHPOST_LOG_LEVEL ?? 'info' });
  let stop = (): void => process.exit(0);
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(event, () => stop());
  try {
    const flows = await startFlows({ ...(await readConfig(process.argv[2])), logger });
    stop = () => void flows.stop().then(() => process.exit(0));
    process.send?.({ ready: true, port: flows.port });
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
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new WatchpostError('config.invalid', { path, details: { expected: 'a JSON file' }, cause });
  }
  return parseFlowsConfig(value);
}

await main();
