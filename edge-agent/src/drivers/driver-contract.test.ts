import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { callHook } from '../testing/call-hook.ts';
import { ModbusSimulator } from '../testing/modbus-simulator.ts';
import { TestBroker } from '../testing/test-broker.ts';
import { testConnections } from '../testing/test-connections.ts';
import { type DriverBench, readingDriverContract } from './reading-driver-contract.ts';

const newConnections = () => testConnections();

/** A device at a real broker. `say` and `garbage` publish what it says. */
async function atBroker(
  connectAt: (url: string) => object,
  topic: string,
  messages: { readonly state: (open: boolean) => unknown; readonly garbage: unknown },
): Promise<DriverBench> {
  const broker = new TestBroker();
  await broker.start();
  let away = false;
  return {
    connect: connectAt(broker.url),
    shared: newConnections(),
    say: (open) => broker.publish(topic, messages.state(open)),
    garbage: () => broker.publish(topic, messages.garbage),
    cut: {
      vanish: async () => {
        away = true;
        await broker.stop();
      },
      comeBack: async () => {
        away = false;
        await broker.start();
      },
    },
    close: async () => {
      if (!away) await broker.stop();
    },
  };
}

describe('a device that publishes JSON', () => {
  const topic = 'doors/north gate/state';
  readingDriverContract(
    () =>
      atBroker(
        (url) => ({ driver: 'mqtt-json', url, topic, value: { pointer: '/contact', invert: true } }),
        topic,
        { state: (open) => ({ contact: !open, battery: 99 }), garbage: '{"contact":' },
      ),
    { canBeCut: true, canSayNonsense: true },
  );
});

describe('a device behind Zigbee2MQTT', () => {
  readingDriverContract(
    () =>
      atBroker(
        (url) => ({ driver: 'zigbee2mqtt', url, name: 'gate/north door' }),
        'zigbee2mqtt/gate/north door',
        {
          state: (open) => ({ battery: 100, contact: !open, linkquality: 120 }),
          garbage: { contact: 'maybe' },
        },
      ),
    { canBeCut: true, canSayNonsense: true },
  );
});

describe('a device that calls', () => {
  const key = 'a key of tests only';
  readingDriverContract(
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'watchpost-hook-'));
      writeFileSync(join(folder, 'door'), key, { mode: 0o600 });
      const shared = testConnections({ secretsFolder: folder, dataFolder: folder });
      const call = (message: unknown) => callHook(shared.hooks.port ?? 0, 'd1', message, { key });
      return {
        connect: { driver: 'webhook', key: { secret: 'door' }, value: { pointer: '/open' } },
        shared,
        say: async (open) => void (await call({ open })),
        garbage: async () => void (await call({ shut: true })),
        close: async () => rmSync(folder, { recursive: true }),
      };
    },
    { canBeCut: false, canSayNonsense: true },
  );
});

describe('a value behind Modbus TCP', () => {
  readingDriverContract(
    async () => {
      const simulator = new ModbusSimulator();
      await simulator.start();
      return {
        connect: {
          ...{ driver: 'modbus-tcp', host: '127.0.0.1', port: simulator.port, unit: 7 },
          ...{ function: 'discrete', address: 3, everyMs: 100 },
        },
        shared: testConnections(),
        say: (open) => {
          simulator.silentUnits.delete(7);
          simulator.exception = null;
          simulator.bits.set(3, open);
        },
        hush: () => void simulator.silentUnits.add(7),
        garbage: async () => {
          simulator.exception = 2;
        },
        cut: { vanish: () => simulator.stop(), comeBack: () => simulator.start() },
        close: () => simulator.stop(),
      };
    },
    { canBeCut: true, canSayNonsense: true },
  );
});
