import { startDemoBroker } from '@watchpost/broker';
import { WatchpostError } from '@watchpost/contracts';
import { pino } from 'pino';
import { readSettings } from '../start/settings.ts';

export interface BrokerCommandOptions {
  readonly demo: boolean;
  readonly denySubscribe?: string;
}

/** `watchpost broker --demo`: the broker alone on loopback, until a signal comes. */
export async function brokerCommand({ demo, denySubscribe }: BrokerCommandOptions): Promise<number> {
  try {
    if (!demo)
      throw new WatchpostError('config.invalid', {
        path: '/--demo',
        details: { expected: 'to be given: only the demo broker runs alone' },
      });
    const { mqttPort } = readSettings(process.env, process.cwd());
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
    return 1;
  }
}
