import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { AedesPublishPacket, Client } from 'aedes';
import { pino } from 'pino';
import { until } from '../src/broker-testing.ts';
import { Cluster } from '../src/cluster/cluster.ts';
import type { OutgoingPacket } from '../src/domain/outgoing-queue.ts';
import { brokerLimitsSchema } from '../src/policy.ts';
import { type SessionsUnderTest, sessionsContract } from '../src/sessions/sessions-contract.ts';

const who = {
  principal: { kind: 'alerting', name: 'alerting', site: 'demo' },
  credential: { type: 'anonymous', entry: '' },
} as const;
const url = process.env.WATCHPOST_TEST_REDIS ?? '';

sessionsContract(async (limits) => {
  const dropped: SessionsUnderTest['dropped'] = [];
  const cluster = new Cluster(
    { url, prefix: `${crypto.randomUUID()}:`, deadAfterMs: 5000 },
    { ...brokerLimitsSchema.parse({}), ...limits },
    {
      nowMs: () => performance.now(),
      dropped: (limit, clientId) => dropped.push([limit, clientId]),
      granted: () => true,
      isConnected: () => true,
      close: () => undefined,
      closeAll: () => undefined,
    },
    pino({ level: 'silent' }),
  );
  await cluster.start();
  await until(() => cluster.isReady);
  const { sessions, emitter } = cluster;
  return {
    sessions,
    dropped,
    async connect(id, clean = false) {
      const client = { id, clean, conn: new EventEmitter() } as unknown as Client;
      await cluster.claim(client, who);
      if (!clean) return { client, present: await sessions.subscriptionsByClient(client) };
      await sessions.cleanSubscriptions(client);
      return { client, present: [] };
    },
    async disconnect(client) {
      cluster.ended(client);
    },
    async publish(topic, text, { qos = 1, retain = false } = {}) {
      const payload = Buffer.from(text);
      let arrived: OutgoingPacket | undefined;
      const listener = (message: object, done: () => void) => {
        arrived = message as OutgoingPacket;
        done();
      };
      emitter.on(topic, listener);
      await cluster.handOver({ clientId: 'sender', topic, payload, qos, retain });
      await until(() => arrived !== undefined);
      await new Promise<void>((resolve) => emitter.removeListener(topic, listener, resolve));
      return arrived as OutgoingPacket;
    },
    receive: (client, messageId) =>
      sessions.incomingStorePacket(client, {
        ...{ topic: 'q2', payload: Buffer.alloc(0), qos: 2, retain: false, messageId },
      } as AedesPublishPacket),
    pass: (ms) => delay(ms),
    stop: () => cluster.stop(),
  };
});
