import { startDemoBroker } from '@watchpost/broker';
import { WatchpostError } from '@watchpost/contracts/errors';
import { pino } from 'pino';
import { entryOf } from '../start/entry-of.ts';
import { portOf } from '../start/settings.ts';
import { runService } from './run-service.ts';

export interface BrokerCommandOptions {
  readonly demo: boolean;
  readonly denySubscribe?: string;
  /** A broker of its own process with this configuration file. */
  readonly config?: string;
}

/**
 * `watchpost broker --demo`: the broker alone on loopback, until a signal comes; `--config FILE`: with a
 * configuration.
 */
export async function brokerCommand({ demo, denySubscribe, config }: BrokerCommandOptions): Promise<number> {
  try {
    if (config !== undefined && !demo)
      return await runService('broker', entryOf('@watchpost/broker'), config, (port) =>
        process.stdout.write(`mqtt://127.0.0.1:${port}\n`),
      );
    if (!demo)
      throw new WatchpostError('config.invalid', {
        path: '/--demo',
        details: { expected: 'to be given, or --config with a file' },
      });
    const mqttPort = portOf(process.env, 'WATCHPOST_MQTT_PORT', 1883);
    const logger = pino(
      { name: 'broker', level: process.env.WATCHPOST_LOG_LEVEL ?? 'warn' },
      pino.destination(2),
    );
    const broker = await startDemoBroker({ port: mqttPort, denySubscribe, logger });
    process.stdout.write(`mqtt://127.0.0.1:${broker.port}\n`);
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
    });
    await broker.stop();
    return 0;
  } catch (error) {
    if (!(error instanceof WatchpostError)) throw error;
    process.stderr.write(`[${error.code}] ${error.message} ${JSON.stringify(error.details)}\n`);
    return 2;
  }
}
