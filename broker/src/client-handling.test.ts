import type { AedesPublishPacket, Client } from 'aedes';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { Audit } from './audit.ts';
import { authenticatorOf } from './authenticator.ts';
import { topicTableRules } from './authorisation.ts';
import { brokerMetrics } from './broker-metrics.ts';
import { alerting, identity } from './broker-testing.ts';
import { ClientHandling } from './client-handling.ts';
import { parseBrokerConfig } from './config.ts';
import { MemorySessions } from './memory-sessions.ts';
import { SessionOwners } from './session-owners.ts';

const config = parseBrokerConfig({ port: 0, identities: [identity(alerting)] });
const none = () => 0;

function handling(): ClientHandling {
  const counts = {
    connections: none,
    clients: none,
    sessions: none,
    queued: none,
    retainedMessages: none,
    retainedBytes: none,
  };
  const metrics = brokerMetrics(new Registry(), counts);
  return new ClientHandling({
    limits: config.limits,
    authenticator: () => authenticatorOf(config),
    authorisation: topicTableRules,
    audit: new Audit(pino({ level: 'silent' }), metrics, none),
    metrics,
    owners: new SessionOwners(),
    sessions: new MemorySessions(config.limits, { nowMs: none, dropped: none, granted: () => true }),
    cluster: undefined,
    connected: () => undefined,
    stopping: () => false,
  });
}

test('a client hears nothing before its CONNACK ([MQTT-3.2.0-1])', () => {
  const under = handling();
  const { preConnect, authenticate, authorizeSubscribe, authorizeForward } = under.callbacks();
  const conn = { origin: { remoteAddress: '' }, admit: () => undefined };
  const client = { id: 'a', clean: false, conn } as unknown as Client;
  const packet = { cmd: 'publish', topic: 'wp/1/demo/gw1/up', qos: 0, payload: '' } as AedesPublishPacket;
  preConnect(
    client,
    { cmd: 'connect', clientId: 'a', clean: false } as Parameters<typeof preConnect>[1],
    () => undefined,
  );
  authenticate(client, 'alerting', Buffer.from('alerting'), () => undefined);
  authorizeSubscribe(client, { topic: 'wp/1/demo/+/up', qos: 1 }, () => undefined);
  expect(authorizeForward(client, packet)).toBeNull();
  under.admitted(client);
  expect(authorizeForward(client, packet)).toBe(packet);
});
