import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Principal } from '@watchpost/contracts/wire';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identity } from '../../broker/src/broker-testing.ts';
import { waitFor } from '../support/wait-for.ts';

const brokerMain = fileURLToPath(new URL('../../broker/src/main.ts', import.meta.url));
const principal = (kind: Principal['kind'], name: string): Principal => ({
  ...{ kind, name, site: 'park' },
  ...(kind === 'gateway' ? { gateway: name } : {}),
});

/**
 * Far longer than the broker may take to make way for somebody, and than the time after which a client gives
 * up.
 */
const timeForConnect = { connectTimeoutMs: 120_000 };

let folder: string;
let broker: ChildProcess;
let ports: { port: number; metricsPort: number };
const clients: MqttClient[] = [];
const sockets: Socket[] = [];

/** Starts the broker as a process; gives its first message. */
async function start(more: object = {}): Promise<Record<string, unknown>> {
  const config = join(folder, 'broker.json');
  const identities = [
    principal('alerting', 'alerting'),
    principal('gateway', 'gw1'),
    principal('gateway', 'gw2'),
    principal('officer', 'viewer'),
    principal('integrator', 'flows'),
  ].map(identity);
  const ownersFile = join(folder, 'owners.json');
  const own = { port: 0, metricsPort: 0, identities, ownersFile, limits: timeForConnect };
  writeFileSync(config, JSON.stringify({ ...own, ...more }));
  broker = fork(brokerMain, [config], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = (await once(broker, 'message')) as [Record<string, unknown>];
  return message;
}
const begin = async () => {
  ports = (await start()) as typeof ports;
};
async function kill(): Promise<void> {
  const exited = once(broker, 'exit');
  broker.kill('SIGKILL');
  await exited;
}
const as = async (username: string, options: IClientOptions = {}) => {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${ports.port}`, {
    ...{ username, password: username, reconnectPeriod: 0 },
    ...options,
  });
  clients.push(client);
  return client;
};
const count = async (line: string): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${ports.metricsPort}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((found) => found.startsWith(`${line} `))
      ?.slice(line.length + 1) ?? 0,
  );
};
const refused = (reason: string) => count(`watchpost_broker_refused_total{reason="${reason}"}`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-doors-'));
  await begin();
});
afterAll(async () => {
  for (const client of clients) client.end(true);
  for (const socket of sockets) socket.destroy();
  await kill();
  rmSync(folder, { recursive: true, force: true });
});

test('nobody takes the client id of a service or a gateway, not even first after a crash of the broker', async () => {
  await as('gw1', { clientId: 'barrier-controller', clean: false });
  await waitFor('the owner on disk', async () =>
    (await import('node:fs')).existsSync(join(folder, 'owners.json')),
  );
  await kill();
  await begin();
  for (const clientId of [
    'alerting-park',
    'wp-park-gw1',
    'alerting',
    'gw1',
    'flows-park-1',
    'barrier-controller',
  ])
    await expect(as('viewer', { clientId }), clientId).rejects.toMatchObject({ code: 2 });
  await expect(as('gw2', { clientId: 'wp-park-gw1' })).rejects.toMatchObject({ code: 2 });
  expect(await refused('client_id_taken')).toBe(7);
  await as('alerting', { clientId: 'alerting-park', clean: false });
  await as('gw1', { clientId: 'wp-park-gw1' });
  await as('gw1', { clientId: 'barrier-controller', clean: false });
});

test('invented topics are refused, whoever invents them', async () => {
  const before = await refused('publish');
  const topics = [
    'wp/1/park/gw2/up',
    'wp/1/park/gw1/receipt',
    'wp/1/elsewhere/gw1/up',
    'wp/1/park/gw1/up/more',
  ];
  for (const topic of [
    ...topics,
    'person/anna/risk',
    '$SYS/broker/flooding/park/gw2',
    'wp/1/park/alerts/1',
  ]) {
    const gateway = await as('gw1');
    const closed = new Promise((resolve) => gateway.once('close', () => resolve(undefined)));
    gateway.publish(topic, '{}', { qos: 1 });
    await closed;
  }
  expect((await refused('publish')) - before).toBe(7);
  const will = { topic: 'wp/1/park/gw2/state', payload: Buffer.from('{}'), qos: 1, retain: true } as const;
  await expect(as('gw1', { will })).rejects.toMatchObject({ code: 5 });
  const viewer = await as('viewer');
  for (const filter of ['#', '+/#', 'wp/1/park/#', 'wp/1/park/+/cmd', '$share/x/wp/1/park/+/up', '$SYS/#'])
    await expect(viewer.subscribeAsync(filter), filter).rejects.toThrow();
  await viewer.subscribeAsync('wp/1/park/alerts/+');
});

test('1,200 connections that say nothing keep nobody out, from their own address neither', async () => {
  for (let index = 0; index < 1200; index++) {
    const socket = connectTcp(ports.port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    if (index % 50 === 0) await once(socket, 'connect');
  }
  // Nobody made way once, until the time for CONNECT was over.
  const client = await as('gw2', { connectTimeout: 60_000 });
  await client.publishAsync('wp/1/park/gw2/up', '{}', { qos: 1 });
  await waitFor('that some made way', async () => (await refused('idle')) > 0);
  for (const socket of sockets.splice(0)) socket.destroy();
});

test('a password is tried slowly, and its owner is let in meanwhile', async () => {
  const owner = await as('flows', { clientId: 'flows-park-1' });
  await owner.endAsync();
  let [going, looked] = [true, 0];
  const startMs = performance.now();
  const guessers = Array.from({ length: 25 }, async (_each, guesser) => {
    for (let turn = 0; going; turn++) {
      const options = { clientId: `guess-${guesser}-${turn}`, password: `wrong ${guesser} ${turn}` };
      await as('flows', options).catch(({ code }: { code?: number }) => {
        if (code === 4) looked++;
      });
    }
  });
  await waitFor(
    'that guesses wait',
    async () => (await count('watchpost_broker_attempts_delayed_total')) > 0,
  );
  await as('flows', { clientId: 'flows-park-1' });
  await as('gw1', { clientId: 'gw1' });
  going = false;
  const seconds = (performance.now() - startMs) / 1000;
  await Promise.all(guessers);
  // a burst of 10, then 5 a second; those that waited already are looked at too
  expect(looked).toBeLessThanOrEqual(10 + 5 * (seconds + 10));
  expect(await refused('unauthorized')).toBeGreaterThanOrEqual(looked);
});

test.each([
  [{ host: '0.0.0.0' }, '/insecure'],
  [{ listeners: [{ type: 'ws', host: '0.0.0.0', port: 0 }] }, '/listeners/0/insecure'],
])('secrets beyond this computer without TLS: the broker does not start (%j)', async (more, path) => {
  const running = broker;
  expect(await start(more)).toMatchObject({ ready: false, code: 'config.plain_credentials', path });
  broker = running;
});
