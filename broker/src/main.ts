import { readFile } from 'node:fs/promises';
import { WatchpostError } from '@watchpost/contracts';
import { pino } from 'pino';
import { startBroker } from './broker-service.ts';
import { parseBrokerConfig } from './config.ts';

/** `main.ts CONFIG.json`: the broker as a process of its own, which ends with its parent. */
async function main(): Promise<void> {
  const logger = pino({ name: 'broker', level: process.env.WATCHPOST_LOG_LEVEL ?? 'info' });
  let broker: Awaited<ReturnType<typeof startBroker>> | undefined;
  try {
    broker = await startBroker({ ...(await readConfig(process.argv[2])), logger });
  } catch (error) {
    const code = error instanceof WatchpostError ? error.code : 'config.invalid';
    const { details = {}, path } = error instanceof WatchpostError ? error : {};
    const message = error instanceof Error ? error.message : String(error);
    logger.fatal({ code, message, ...details }, 'broker cannot start');
    process.send?.({ ready: false, code, message, details, ...(path === undefined ? {} : { path }) });
    process.exitCode = 1;
    if (process.connected) process.disconnect();
    return;
  }
  const running = broker;
  const stop = () => void running.stop().then(() => process.exit(0));
  process.on('SIGHUP', () => {
    readConfig(process.argv[2])
      .then((config) => running.reload(config))
      .catch((error: unknown) => logger.error({ err: error }, 'configuration not read again'));
  });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  process.send?.({
    ready: true,
    port: running.port,
    ports: running.ports,
    metricsPort: running.metricsPort,
    insecure: running.insecureListeners,
  });
}

async function readConfig(path: string | undefined) {
  if (!path) throw new WatchpostError('config.invalid', { details: { expected: 'the path of a JSON file' } });
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new WatchpostError('config.invalid', { path, details: { expected: 'a JSON file' }, cause });
  }
  return parseBrokerConfig(value);
}

await main();
