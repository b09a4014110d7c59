import { execFileSync } from 'node:child_process';
import type { MqttClient } from 'mqtt';
import { expect, test } from 'vitest';
import { ServerProcess } from '../src/bench/server-process.ts';
import { everybody, identity, nextMessage } from '../src/broker-testing.ts';
import { type ExportTarget, exportedFiles } from '../src/export/exported-files.ts';
import { natsPasswordVariable } from '../src/export/nats.ts';
import { actualOutcomes, connectTo, contractUsers, expectedOutcomes } from '../src/export/rules-contract.ts';

process.env.PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
const names = [...contractUsers.map(({ username }) => username), 'observer'];

/** The generated configuration as it is, apart from the port; and one user more, who may do everything. */
function files(target: ExportTarget, port: number): Record<string, string> {
  const written = { ...exportedFiles(target, { identities: everybody }) };
  for (const [name, text] of Object.entries(written)) written[name] = text.replace('1883', String(port));
  return written;
}

const startMosquitto = () =>
  ServerProcess.start(
    'mosquitto',
    (folder) => {
      execFileSync('mosquitto_passwd', ['-U', `${folder}/passwords`]);
      return ['-c', `${folder}/mosquitto.conf`];
    },
    (folder, port) => {
      const { acl = '', 'mosquitto.conf': conf = '' } = files('mosquitto', port);
      return {
        // it looks for its files where it was started, and drops root otherwise
        'mosquitto.conf': `user root\n${conf.replace(' passwords', ` ${folder}/passwords`).replace(' acl\n', ` ${folder}/acl\n`)}`,
        acl: `${acl}\nuser observer\ntopic readwrite #\n`,
        passwords: names.map((name) => `${name}:${name}\n`).join(''),
      };
    },
  );

const startNats = () => {
  for (const name of names) process.env[natsPasswordVariable(name)] = name;
  return ServerProcess.start(
    'nats-server',
    (folder) => ['-c', `${folder}/nats.conf`],
    (_folder, port) => {
      const { 'nats.conf': conf = '', 'users.conf': users = '' } = files('nats', port);
      return {
        'nats.conf': conf.replace('host: 127.0.0.1\n', 'host: 127.0.0.1\nport: -1\n'),
        'users.conf': users.replace(
          /\]\n$/,
          `  { user: "observer", password: $${natsPasswordVariable('observer')} }\n]\n`,
        ),
      };
    },
  );
};

/** Waits until a log-in works: the port answers a moment earlier. */
async function ready(port: number): Promise<void> {
  const tryIt = () =>
    connectTo(port)('observer').then(
      (client) => client.endAsync(true).then(() => true),
      () => false,
    );
  await expect.poll(tryIt, { timeout: 10_000 }).toBe(true);
}

test.for([
  ['Mosquitto', startMosquitto],
  ['NATS JetStream', startNats],
] as const)('%s with the generated configuration has our topic rules', async ([, start]) => {
  const server = await start();
  await ready(server.port);
  expect(await actualOutcomes({ connect: connectTo(server.port) })).toEqual(expectedOutcomes);
  await server.stop();
});

const up = 'wp/1/demo/gw1/up';
const receipt = 'wp/1/demo/gw1/receipt';

/** Takes numbers, each once, and confirms how far none is missing. */
function confirm(client: MqttClient, taken: Set<number>): void {
  let watermark = 0;
  client.on('message', (_topic, payload) => {
    taken.add(Number(payload));
    while (taken.has(watermark + 1)) watermark++;
    client.publish(receipt, String(watermark), { qos: 1, retain: true });
  });
}

test.for([
  ['Mosquitto', startMosquitto],
  ['NATS JetStream', startNats],
] as const)(
  '%s carries events, receipts, retained state and the will; nothing is lost when alerting goes away',
  async ([, start]) => {
    const server = await start();
    await ready(server.port);
    const session = { clean: false, reconnectPeriod: 0 };
    const connect = async (name: string, options = {}) => {
      const mqtt = await import('mqtt');
      const account = { host: '127.0.0.1', port: server.port, username: name, password: name };
      return await mqtt.default.connectAsync({ ...account, reconnectPeriod: 0, ...options });
    };
    const will = {
      topic: 'wp/1/demo/gw1/state',
      payload: Buffer.from('offline'),
      qos: 1 as const,
      retain: true,
    };
    const gateway = await connect('gw1', { clientId: 'gw1', will });
    await gateway.publishAsync(will.topic, 'online', { qos: 1, retain: true });
    let alerting = await connect('alerting', { ...session, clientId: 'alerting' });
    const taken = new Set<number>();
    confirm(alerting, taken);
    await alerting.subscribeAsync(up, { qos: 1 });
    let covered = 0;
    gateway.on('message', (_topic, payload) => {
      covered = Math.max(covered, Number(payload));
    });
    await gateway.subscribeAsync(receipt, { qos: 1 });
    for (let sequence = 1; sequence <= 40; sequence++) {
      if (sequence === 20) await alerting.endAsync(true);
      await gateway.publishAsync(up, String(sequence), { qos: 1 });
    }
    alerting = await connect('alerting', { ...session, clientId: 'alerting' });
    // what came before the handler was there comes again with the outbox: here, once
    taken.clear();
    confirm(alerting, taken);
    await alerting.subscribeAsync(up, { qos: 1 });
    for (let sequence = 1; sequence <= 40; sequence++)
      await gateway.publishAsync(up, String(sequence), { qos: 1 });
    await expect.poll(() => covered, { timeout: 20_000 }).toBe(40);
    const watcher = await connect('flows');
    const state = nextMessage(watcher);
    await watcher.subscribeAsync(will.topic, { qos: 1 });
    expect(await state).toMatchObject({ text: 'online', retain: true });
    const dead = nextMessage(watcher);
    gateway.stream.destroy();
    expect((await dead).text).toBe('offline');
    await Promise.all([alerting.endAsync(true), watcher.endAsync(true)]);
    await server.stop();
  },
);

test('the users of the contract are those of the configuration', () => {
  expect(contractUsers.map(({ principal }) => identity(principal).username)).toEqual(
    everybody.map(({ username }) => username),
  );
});
