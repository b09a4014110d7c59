import type { AedesPublishPacket, Client } from 'aedes';
import type { OutgoingPacket } from '../domain/outgoing-queue.ts';
import { brokerLimitsSchema } from '../policy.ts';
import { MemorySessions } from './memory-sessions.ts';
import { type SessionsUnderTest, sessionsContract } from './sessions-contract.ts';

sessionsContract(async (limits) => {
  let now = 0;
  let counter = 0;
  const connected = new Set<string>();
  const dropped: SessionsUnderTest['dropped'] = [];
  const sessions = new MemorySessions(
    { ...brokerLimitsSchema.parse({}), ...limits },
    {
      nowMs: () => now,
      dropped: (limit, clientId) => dropped.push([limit, clientId]),
      granted: () => true,
      isConnected: (id) => connected.has(id),
    },
  );
  return {
    sessions,
    dropped,
    async connect(id, clean = false) {
      const client = { id, clean } as Client;
      connected.add(id);
      if (!clean) return { client, present: await sessions.subscriptionsByClient(client) };
      await sessions.cleanSubscriptions(client);
      return { client, present: [] };
    },
    async disconnect({ id }) {
      connected.delete(id);
    },
    async publish(topic, text, { qos = 1, retain = false } = {}) {
      const payload = Buffer.from(text);
      const packet = { cmd: 'publish', topic, payload, qos, retain, brokerId: 'b', brokerCounter: ++counter };
      const published = packet as unknown as AedesPublishPacket & OutgoingPacket;
      if (retain) await sessions.storeRetained(published);
      if (qos > 0) {
        const subscribers = await sessions.subscriptionsByTopic(topic);
        await sessions.outgoingEnqueueCombi([...subscribers], published);
      }
      return published;
    },
    receive: (client, messageId) => sessions.incomingStorePacket(client, { messageId } as AedesPublishPacket),
    async pass(ms) {
      now += ms;
    },
    async stop() {},
  };
});
