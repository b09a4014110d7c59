import { setTimeout as delay } from 'node:timers/promises';
import type { BrokerService } from '../broker-service.ts';
import { metric } from '../broker-testing.ts';
import { type DemoBrokerOptions, startDemoBroker } from '../demo-broker.ts';

/**
 * The demo broker; or, when `WATCHPOST_TEST_REDIS` has the address of a Redis, two of them as a cluster, of
 * which each connection gets the next one, as behind a balancer.
 */
export async function brokerUnderTest(options: Omit<DemoBrokerOptions, 'port'> = {}): Promise<BrokerService> {
  const url = process.env.WATCHPOST_TEST_REDIS;
  if (!url) return await startDemoBroker({ port: 0, ...options });
  const cluster = { url, prefix: `${crypto.randomUUID()}:` };
  const nodes = await Promise.all([1, 2].map(() => startDemoBroker({ port: 0, ...options, cluster })));
  for (const node of nodes) await clusterReached(node);
  return balanced(nodes);
}

/** Waits until the broker is part of its cluster. */
export async function clusterReached(broker: BrokerService): Promise<void> {
  while ((await metric(broker, 'watchpost_broker_cluster_up')) === 0) await delay(5);
}

function balanced(nodes: readonly BrokerService[]): BrokerService {
  const [first] = nodes;
  if (!first) throw new Error('no nodes');
  let turn = 0;
  return {
    get port() {
      return nodes[turn++ % nodes.length]?.port ?? 0;
    },
    ports: first.ports,
    metricsPort: first.metricsPort,
    insecureListeners: 0,
    metrics: () => first.metrics(),
    reload: (config) => first.reload(config),
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}
