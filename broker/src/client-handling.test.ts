import type { AedesPublishPacket, Client } from 'aedes';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { AttemptLimit } from './access/attempt-limit.ts';
import { authenticatorOf } from './access/authenticator.ts';
import { topicTableRules } from './access/authorisation.ts';
import { attemptPolicy } from './access/policy.ts';
import { ReservedClientIds } from './access/reserved-client-ids.ts';
import { alerting, gateway1, identity } from './broker-testing.ts';
import { ClientHandling } from './client-handling.ts';
import { parseBrokerConfig } from './config.ts';
import { TelemetryLimit } from './connections/telemetry-limit.ts';
import { Audit } from './operations/audit.ts';
import { brokerMetrics } from './operations/broker-metrics.ts';
import { MemorySessions } from './sessions/memory-sessions.ts';
import { SessionOwners } from './sessions/session-owners.ts';

const config = parseBrokerConfig({ port: 0, identities: [identity(alerting), identity(gateway1)] });
const none = () => 0;

function handling(): ClientHandling {
  const counts = {
    connections: none,
    clients: none,
    sessions: none,
    queued: none,
    retainedMessages: none,
    retainedBytes: none,
    revocations: none,
    flooding: none,
    insecureListeners: none,
  };
  const metrics = brokerMetrics(new Registry(), counts);
  return new ClientHandling({
    limits: config.limits,
    telemetry: new TelemetryLimit(config.limits, { nowMs: none, exceeded: none }),
    authenticator: () => authenticatorOf(config),
    authorisation: topicTableRules,
    audit: new Audit(pino({ level: 'silent' }), metrics, none),
    metrics,
    attempts: new AttemptLimit(attemptPolicy, none),
    owners: new SessionOwners(),
    reserved: () => new ReservedClientIds(config),
    sessions: new MemorySessions(config.limits, {
      nowMs: none,
      dropped: none,
      granted: () => true,
      isConnected: () => true,
    }),
    cluster: undefined,
    connected: () => undefined,
    stopping: () => false,
  });
}

test('a client hears nothing before its CONNACK ([MQTT-3.2.0-1])', async () => {
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
  await new Promise<void>((resolve) =>
    authenticate(client, 'alerting', Buffer.from('alerting'), () => resolve()),
  );
  authorizeSubscribe(client, { topic: 'wp/1/demo/+/up', qos: 1 }, () => undefined);
  expect(authorizeForward(client, packet)).toBeNull();
  under.admitted(client);
  expect(authorizeForward(client, packet)).toBe(packet);
});

test('a client that leaves while it is looked at leaves its client id to others', async () => {
  const { preConnect, authenticate } = handling().callbacks();
  const conn = { origin: { remoteAddress: '' }, admit: () => undefined };
  const answerTo = (name: string, leaves: boolean) => {
    const client = { id: 'same', clean: true, conn, closed: false } as unknown as Client;
    const connect = { cmd: 'connect', clientId: 'same', clean: true } as Parameters<typeof preConnect>[1];
    preConnect(client, connect, () => undefined);
    return new Promise((resolve) => {
      authenticate(client, name, Buffer.from(name), (error) => resolve(error?.returnCode));
      Object.assign(client, { closed: leaves });
    });
  };
  await answerTo('gw1', true);
  expect(await answerTo('alerting', false)).toBeUndefined();
  expect(await answerTo('gw1', false)).toBe(2);
});
