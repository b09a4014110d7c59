import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerWithHabits } from '@watchpost/service/testing/broker-with-habits';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runningSensor } from '../../testing/running-sensor.ts';
import { TestBroker } from '../../testing/test-broker.ts';
import { testConnections } from '../../testing/test-connections.ts';
import type { DeviceBrokers } from './device-brokers.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
let folder: string;
let brokers: DeviceBrokers;
let bad: BrokerWithHabits;
let good: TestBroker;
const open = () => testConnections({ secretsFolder: folder });
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-brokers-'));
  brokers = open().brokers;
  bad = new BrokerWithHabits();
  good = new TestBroker();
  await bad.start();
  await good.start();
});
afterEach(async () => {
  await bad.stop();
  await good.stop();
  rmSync(folder, { recursive: true });
});

/** Listens to one topic and keeps what is told. */
function listen(topic: string, more: object = {}) {
  const told: string[] = [];
  const end = brokers.listen({ url: bad.url, ...more }, [topic], {
    up: () => void told.push('up'),
    lost: (error) => void told.push(error),
    message: (of, payload) => void told.push(`${of} ${Buffer.from(payload)}`),
  });
  return { told, end };
}

test('devices with the same broker and user share one connection; the last one closes it', async () => {
  const [one, two] = [listen('a'), listen('b')];
  await until(() => expect([one.told, two.told]).toEqual([['up'], ['up']]));
  const late = listen('c');
  await until(() => expect(late.told).toEqual(['up']));
  expect(bad.connects).toHaveLength(1);
  bad.deliver('b', 1);
  await until(() => expect(two.told.at(-1)).toBe('b 1'));
  expect([one.told, late.told]).toEqual([['up'], ['up']]);
  const other = listen('a', { user: 'other' });
  await until(() => expect(bad.connects).toHaveLength(2));
  expect(new Set(bad.connects).size).toBe(2);
  for (const { end } of [one, two, late, other, one]) await end();
  await until(() => expect(bad.open).toBe(0));
});

test('a topic that the broker refuses costs the other devices nothing', async () => {
  bad.habits.refuseSubscriptions = ['secret'];
  const [one, two] = [listen('free'), listen('secret')];
  await until(() => expect(two.told.at(-1)).toBe('edge.device_topic_refused'));
  bad.deliver('free', 1);
  await until(() => expect(one.told).toEqual(['up', 'free 1']));
  const late = listen('secret');
  await until(() => expect(late.told.at(-1)).toBe('edge.device_topic_refused'));
  expect(bad.connects).toHaveLength(1);
  for (const { end } of [one, two, late]) await end();
});

test('what is wrong with a broker has a code, and it is tried again', async () => {
  bad.habits.refuse = [5];
  writeFileSync(join(folder, 'open'), 'x', { mode: 0o644 });
  const refused = listen('a');
  await until(() => expect(refused.told).toEqual(['edge.device_broker_refused', 'up']));
  bad.habits.connack = false;
  const silent = listen('a', { user: 'b' });
  const noSecret = listen('a', { user: 'c', password: { secret: 'missing' } });
  const openSecret = listen('a', { user: 'd', password: { secret: 'open' } });
  await until(() => expect(noSecret.told).toContain('config.secret_file'));
  await until(() => expect(openSecret.told).toContain('config.secret_file'));
  await until(() => expect(silent.told).toContain('edge.device_broker'));
  bad.habits.connack = true;
  rmSync(join(folder, 'open'));
  writeFileSync(join(folder, 'open'), 'x', { mode: 0o600 });
  await until(() => expect(openSecret.told.at(-1)).toBe('up'));
  for (const { end } of [refused, silent, noSecret, openSecret]) await end();
});

test('what the broker had kept is the state, but no sign of life and no measurement of now', async () => {
  await good.publish('t', { celsius: 70 }, true);
  const sensor = runningSensor(
    {
      ...{ id: 't1', kind: 'temperature', profile: 'generic-temperature', zone: 'hall', silentAfterMs: 2000 },
      connect: { driver: 'mqtt-json', url: good.url, topic: 't', value: { pointer: '/celsius' } },
    },
    open(),
  );
  sensor.devices.start();
  // It is an alarm, because it is so; nobody knows since when.
  await until(() => expect(sensor.taken).toMatchObject([{ type: 'watchpost.sensor.alarm.v1' }]));
  expect(sensor.measured).toEqual([]);
  expect(sensor.health.snapshot()).toMatchObject({ status: 'ok', readings: 0 });
  await until(() => expect(sensor.health.snapshot().status).toBe('lost'));
  await sensor.devices.restartDevice('t1');
  await until(() => expect(sensor.health.snapshot().status).toBe('lost'));
  await good.publish('t', { celsius: 71 });
  await until(() => expect(sensor.health.snapshot()).toMatchObject({ status: 'ok', readings: 1 }));
  expect(sensor.measured).toMatchObject([{ device: 't1', value: 71 }]);
  expect(sensor.taken).toHaveLength(1);
  await sensor.stop();
});

test('a device that fell silent stays lost when the broker comes back', async () => {
  const sensor = runningSensor(
    {
      ...{ id: 'd1', kind: 'smoke', profile: 'generic-smoke', zone: 'hall', silentAfterMs: 1000 },
      connect: { driver: 'mqtt-json', url: good.url, topic: 's' },
    },
    open(),
  );
  const condition = () => sensor.health.snapshot();
  sensor.devices.start();
  await until(() => expect(condition()).toMatchObject({ status: 'lost', error: 'edge.source_lost' }));
  await good.stop();
  await until(() => expect(condition()).toMatchObject({ status: 'lost', error: 'edge.device_broker' }));
  await good.start();
  await good.publish('elsewhere', 1);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  // Not for a moment, or else the loss would end and begin again.
  expect(sensor.conditions.slice(sensor.conditions.indexOf('lost'))).not.toContain('ok');
  await good.publish('s', 'OFF');
  await until(() => expect(condition()).toMatchObject({ status: 'ok', readings: 1 }));
  await sensor.stop();
});
