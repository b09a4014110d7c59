import { Registry } from 'prom-client';
import { afterEach, expect, test } from 'vitest';
import { type BrokerService, startBroker } from '../broker-service.ts';
import { connectAs, everybody, nextMessage, RawClient } from '../broker-testing.ts';

let broker: BrokerService;
afterEach(() => broker.stop());

test('Prometheus reads /metrics and nothing else there', async () => {
  broker = await startBroker({ port: 0, identities: everybody, metricsPort: 0 });
  const client = await connectAs(broker, 'alerting');
  const response = await fetch(`http://127.0.0.1:${broker.metricsPort}/metrics`);
  expect(response.headers.get('content-type')).toContain('text/plain');
  const text = await response.text();
  expect(text).toMatch(/^watchpost_broker_clients 1$/m);
  expect(text).toMatch(/^watchpost_broker_refused_total\{reason="publish"\} 0$/m);
  expect((await fetch(`http://127.0.0.1:${broker.metricsPort}/`)).status).toBe(404);
  await client.endAsync(true);
});

test('a registry that is handed in gets the metrics', async () => {
  const registry = new Registry();
  broker = await startBroker({ port: 0, registry });
  expect(await registry.metrics()).toContain('watchpost_broker_connections 0');
});

test('$SYS/broker has the numbers, for alerting only, and nobody may write there', async () => {
  broker = await startBroker({ port: 0, identities: everybody, sysIntervalSeconds: 1 });
  const alerting = await connectAs(broker, 'alerting');
  const first = nextMessage(alerting);
  await alerting.subscribeAsync('$SYS/broker/clients/connected');
  expect(Number((await first).text)).toBeGreaterThanOrEqual(0);
  const second = nextMessage(alerting);
  expect(await second).toMatchObject({ topic: '$SYS/broker/clients/connected', text: '1' });
  const integrator = await connectAs(broker, 'flows');
  await expect(integrator.subscribeAsync('$SYS/broker/#')).rejects.toThrow();
  await Promise.all([alerting.endAsync(true), integrator.endAsync(true)]);
});

test('stopping delivers what was accepted and declares nobody dead', async () => {
  broker = await startBroker({ port: 0, identities: everybody });
  const topic = 'wp/1/demo/gw1/state';
  // the gateway comes first, and so is closed first
  const gateway = await connectAs(broker, 'gw1', {
    will: { topic, payload: Buffer.from('dead'), retain: true, qos: 1 },
  });
  const service = await RawClient.connected(broker, 'alerting');
  service.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'wp/1/demo/+/+', qos: 0 }] });
  service.send({
    cmd: 'subscribe',
    messageId: 2,
    subscriptions: [
      { topic, qos: 0 },
      { topic: 'wp/1/demo/gw1/up', qos: 0 },
    ],
  });
  await service.next('suback');
  await service.next('suback');
  for (let turn = 0; turn < 50; turn++) await gateway.publishAsync('wp/1/demo/gw1/up', `${turn}`, { qos: 1 });
  await broker.stop();
  await service.end();
  const heard = service.received.flatMap((packet) =>
    packet.cmd === 'publish' ? [packet.payload.toString()] : [],
  );
  expect(heard).toEqual(Array.from({ length: 50 }, (_each, index) => `${index}`));
  await gateway.endAsync(true);
});
