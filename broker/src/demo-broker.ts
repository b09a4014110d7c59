import { WatchpostError } from '@watchpost/contracts/errors';
import type { Logger } from 'pino';
import { anyTopicExcept } from './access/authorisation.ts';
import { Broker, type BrokerService } from './broker-service.ts';
import type { BrokerOptions } from './config.ts';
import { demoLimits } from './policy.ts';

export interface DemoBrokerOptions {
  /** 0 = any free port. */
  readonly port: number;
  /** A filter that nobody may subscribe to. */
  readonly denySubscribe?: string | undefined;
  readonly logger?: Logger | undefined;
  /** Several of them on one Redis. */
  readonly cluster?: BrokerOptions['cluster'];
}

/**
 * A broker on loopback for trying things out and for interoperability suites: no log-in, any topic but one.
 * @throws WatchpostError `config.port_taken`, or `config.invalid` for an empty filter.
 */
export async function startDemoBroker(options: DemoBrokerOptions): Promise<BrokerService> {
  const { port, denySubscribe, logger, cluster } = options;
  if (denySubscribe === '') {
    throw new WatchpostError('config.invalid', {
      path: '/denySubscribe',
      details: { expected: 'a topic filter' },
    });
  }
  const broker = await Broker.create(
    {
      port,
      anonymous: { kind: 'demo', name: 'demo', site: 'demo' },
      limits: demoLimits,
      ...(logger ? { logger } : {}),
      ...(cluster ? { cluster } : {}),
    },
    anyTopicExcept(denySubscribe),
  );
  await broker.start();
  return broker;
}
