import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { type RunningSensor, runningSensor } from '../../testing/running-sensor.ts';
import { TestBroker } from '../../testing/test-broker.ts';
import { testConnections } from '../../testing/test-connections.ts';
import { zigbeeAvailability, zigbeeMessage } from './zigbee-message.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });

describe('a message', () => {
  it.each([
    ['door_contact', { contact: false }, { value: true }],
    ['door_contact', { contact: true, battery: 15 }, { value: false, battery: 15, isBatteryLow: false }],
    ['door_contact', { contact: null, linkquality: 9 }, {}],
    ['door_contact', { contact: 'open' }, { value: null }],
    ['smoke', { smoke: true, tamper: true }, { value: true, isTampered: true }],
    ['smoke', { smoke: 1 }, { value: null }],
    ['temperature', { temperature: -4.5, battery: 14 }, { value: -4.5, battery: 14, isBatteryLow: true }],
    ['temperature', { temperature: '20' }, { value: null }],
    ['smoke', { battery: 9, battery_low: false }, { battery: 9, isBatteryLow: false }],
    ['smoke', { battery: 900, tamper: 'yes' }, {}],
    ['smoke', { battery: 0 }, { battery: 0, isBatteryLow: true }],
    ['smoke', [], null],
    ['smoke', 'online', null],
    ['smoke', null, null],
  ] as const)('of a %s: %j', (kind, message, expected) => {
    expect(zigbeeMessage(kind, message, 15)).toEqual(expected);
  });

  it('about availability has two forms', () => {
    const said = ['online', { state: 'offline' }, { state: 7 }, 'maybe', null].map(zigbeeAvailability);
    expect(said).toEqual(['online', 'offline', null, null, null]);
  });
});

describe('a device', () => {
  const state = 'z2m/hall/smoke';
  let broker: TestBroker;
  let sensor: RunningSensor;
  beforeEach(async () => {
    broker = new TestBroker();
    await broker.start();
    const connect = { driver: 'zigbee2mqtt', url: broker.url, base: 'z2m', name: 'hall/smoke' };
    sensor = runningSensor(
      { id: 's', kind: 'smoke', profile: 'generic-smoke', zone: 'hall', connect },
      testConnections(),
    );
  });
  afterEach(async () => {
    await sensor.stop();
    await broker.stop();
  });
  const isNow = (condition: object) => until(() => expect(sensor.health.snapshot()).toMatchObject(condition));

  test('is lost when Zigbee2MQTT says so, of it or of itself, and back when it says so', async () => {
    await broker.publish(`${state}/availability`, { state: 'offline' }, true);
    sensor.devices.start();
    await isNow({ status: 'lost', error: 'edge.source_lost' });
    await broker.publish(`${state}/availability`, { state: 'online' }, true);
    await isNow({ status: 'ok' });
    await broker.publish('z2m/bridge/state', 'offline', true);
    await isNow({ status: 'lost', error: 'edge.zigbee_bridge' });
    await broker.publish(`${state}/availability`, 'offline', true);
    await broker.publish('z2m/bridge/state', { state: 'online' }, true);
    await isNow({ status: 'lost', error: 'edge.source_lost' });
    await broker.publish(state, { smoke: false });
    await isNow({ status: 'ok', readings: 1 });
  });

  test('says that its battery is low or that it was opened, until that is over', async () => {
    sensor.devices.start();
    await isNow({ status: 'ok' });
    await broker.publish(state, { smoke: false, battery: 3 });
    await isNow({ status: 'degraded', error: 'edge.battery_low' });
    await broker.publish(state, { smoke: false, tamper: true });
    await isNow({ status: 'degraded', error: 'edge.device_tampered' });
    await broker.publish(state, { smoke: true, tamper: false });
    await isNow({ status: 'degraded', error: 'edge.battery_low', readings: 3 });
    await broker.publish(state, { battery: 100 });
    await isNow({ status: 'ok', readings: 3 });
    expect(sensor.measured.filter(({ metric }) => metric === 'battery').map(({ value }) => value)).toEqual([
      3, 100,
    ]);
    expect(sensor.taken.map(({ type }) => type)).toEqual(['watchpost.sensor.alarm.v1']);
  });
});
