import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { callHook } from '../../edge-agent/src/testing/call-hook.ts';
import { ModbusSimulator } from '../../edge-agent/src/testing/modbus-simulator.ts';
import { runningSensor } from '../../edge-agent/src/testing/running-sensor.ts';
import { TestBroker } from '../../edge-agent/src/testing/test-broker.ts';
import { testConnections } from '../../edge-agent/src/testing/test-connections.ts';

interface Example {
  readonly device: {
    readonly id: string;
    readonly connect: {
      readonly driver: string;
      readonly topic?: string;
      readonly name?: string;
      readonly address?: number;
    };
  };
  readonly message: unknown;
}

const pages = ['integrator.md', 'integrator.zh-CN.md'];
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });

/** The sensors of a guide, each with what it says. */
function examplesOf(page: string): Example[] {
  const text = readFileSync(fileURLToPath(new URL(`../../docs/guides/${page}`, import.meta.url)), 'utf8');
  const block = (kind: string) =>
    `<!-- example: ${kind} -->\\n\`\`\`json\\n((?:(?!\`\`\`)[\\s\\S])*)\`\`\`\\n`;
  return [...text.matchAll(new RegExp(`${block('device')}\\n${block('message')}`, 'g'))].map(
    ([, device = '', message = '']) => ({ device: JSON.parse(device), message: JSON.parse(message) }),
  );
}
const exampleOf = (page: string, driver: string): Example => {
  const found = examplesOf(page).find(({ device }) => device.connect.driver === driver);
  if (!found) throw new Error(`${page} has no ${driver}`);
  return found;
};

/** The example with another way to its device, and without what only a real one has. */
const reached = ({ device }: Example, connect: object) => ({
  ...device,
  connect: { ...device.connect, ...connect },
});

const connections = () => testConnections();

describe.each(pages)('a sensor of %s gives an alarm', (page) => {
  test.each([
    ['mqtt-json', ({ topic }: Example['device']['connect']) => topic ?? ''],
    ['zigbee2mqtt', ({ name }: Example['device']['connect']) => `zigbee2mqtt/${name}`],
  ])('%s', async (driver, topicOf) => {
    const example = exampleOf(page, driver);
    const broker = new TestBroker();
    await broker.start();
    const sensor = runningSensor(
      reached(example, { url: broker.url, user: undefined, password: undefined }),
      connections(),
    );
    sensor.devices.start();
    await until(() => expect(sensor.health.snapshot().status).toBe('ok'));
    await broker.publish(topicOf(example.device.connect), example.message);
    await until(() => expect(sensor.taken).toMatchObject([{ type: 'watchpost.sensor.alarm.v1' }]));
    await sensor.stop();
    await broker.stop();
  });

  test('modbus-tcp', async () => {
    const example = exampleOf(page, 'modbus-tcp');
    const simulator = new ModbusSimulator();
    await simulator.start();
    const { register } = example.message as { readonly register: number };
    simulator.registers.set(example.device.connect.address ?? 0, register);
    const sensor = runningSensor(
      reached(example, { host: '127.0.0.1', port: simulator.port }),
      testConnections(),
    );
    sensor.devices.start();
    await until(() =>
      expect(sensor.taken).toMatchObject([{ type: 'watchpost.sensor.alarm.v1', data: { value: 64 } }]),
    );
    await sensor.stop();
    await simulator.stop();
  });

  test('webhook', async () => {
    const { device, message } = exampleOf(page, 'webhook');
    const folder = mkdtempSync(join(tmpdir(), 'watchpost-guide-'));
    writeFileSync(join(folder, 'cold-store-key'), 'a key of tests only', { mode: 0o600 });
    const shared = testConnections({ secretsFolder: folder, dataFolder: folder });
    const sensor = runningSensor(device, shared, { hooks: { port: 9 } });
    sensor.devices.start();
    await until(() => expect(sensor.health.snapshot().status).toBe('ok'));
    const call = { key: 'a key of tests only' };
    expect(await callHook(shared.hooks.port ?? 0, device.id, message, call)).toMatchObject({ status: 204 });
    expect(sensor.taken).toMatchObject([{ type: 'watchpost.sensor.alarm.v1', data: { value: 51.2 } }]);
    await sensor.stop();
    rmSync(folder, { recursive: true });
  });
});
