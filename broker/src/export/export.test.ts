import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { expect, test } from 'vitest';
import { topicTableRules } from '../authorisation.ts';
import { Broker } from '../broker-service.ts';
import { everybody, identity } from '../broker-testing.ts';
import { emqxAcl } from './emqx.ts';
import { mosquittoAcl } from './mosquitto.ts';
import { natsSubject, natsUsers } from './nats.ts';
import { actualOutcomes, contractUsers, expectedOutcomes } from './rules-contract.ts';

const connectTo =
  (port: number) =>
  async (username: string): Promise<MqttClient> => {
    const client = await mqtt.connectAsync({
      host: '127.0.0.1',
      port,
      username,
      password: username,
      clientId: `${username}-${crypto.randomUUID().slice(0, 8)}`,
      reconnectPeriod: 0,
    });
    (client.stream as Socket).setNoDelay(true);
    return client;
  };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs another broker in a folder of its own until `use` is done. */
async function withServer(
  command: string,
  files: (folder: string, port: number) => Record<string, string>,
  args: (folder: string) => string[],
  use: (port: number) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'watchpost-rules-'));
  const port = await freePort();
  for (const [name, text] of Object.entries(files(folder, port)))
    await writeFile(join(folder, name), text, { mode: 0o600 });
  const server = spawn(command, args(folder), { stdio: 'ignore' });
  try {
    await expect
      .poll(
        () =>
          connectTo(port)('observer').then(
            (client) => client.endAsync(true).then(() => true),
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true);
    await use(port);
  } finally {
    const exited = once(server, 'exit');
    server.kill('SIGTERM');
    await exited;
    await rm(folder, { recursive: true, force: true });
  }
}

test('the contract asks for both: what is allowed and what is not', () => {
  const passed = expectedOutcomes.filter((each) => each.passed).length;
  expect(passed).toBeGreaterThan(15);
  expect(expectedOutcomes.length - passed).toBeGreaterThan(100);
});

test('our broker does what the topic table says', async () => {
  const observer = { kind: 'demo', name: 'observer', site: 'demo' } as const;
  const { mayPublish, maySubscribe, mayReceive } = topicTableRules;
  const broker = new Broker(
    { port: 0, identities: [...everybody, identity(observer)] },
    {
      mayPublish: (who, topic, retain) => who.name === 'observer' || mayPublish(who, topic, retain),
      maySubscribe: (who, filter) => who.name === 'observer' || maySubscribe(who, filter),
      mayReceive: (who, topic) => who.name === 'observer' || mayReceive(who, topic),
    },
  );
  await broker.start();
  expect(await actualOutcomes({ connect: connectTo(broker.port) })).toEqual(expectedOutcomes);
  await broker.stop();
});

// WATCHPOST_MOSQUITTO and WATCHPOST_NATS: paths of the programs (Debian packages mosquitto and nats-server)
const { WATCHPOST_MOSQUITTO: mosquitto, WATCHPOST_NATS: nats } = process.env;

test.runIf(mosquitto)('Mosquitto with the exported rules does the same', async () => {
  const users = [...contractUsers.map(({ username }) => username), 'observer'];
  const files = (folder: string, port: number) => ({
    'mosquitto.conf': `listener ${port} 127.0.0.1\nallow_anonymous false\nuser root\npassword_file ${folder}/passwords\nacl_file ${folder}/acl\n`,
    acl: `${mosquittoAcl(contractUsers)}\nuser observer\ntopic readwrite #\n`,
    passwords: users.map((name) => `${name}:${name}\n`).join(''),
  });
  await withServer(
    mosquitto ?? '',
    (folder, port) => files(folder, port),
    (folder) => {
      execFileSync(`${mosquitto?.replace(/sbin\/mosquitto$/, 'bin/mosquitto_passwd')}`, [
        '-U',
        `${folder}/passwords`,
      ]);
      return ['-c', `${folder}/mosquitto.conf`];
    },
    async (port) => expect(await actualOutcomes({ connect: connectTo(port) })).toEqual(expectedOutcomes),
  );
});

test.runIf(nats)('NATS with the exported rules does the same', async () => {
  const files = (folder: string, port: number) => ({
    'users.conf': natsUsers(contractUsers, (username) => username).replace(
      /\]\n$/,
      '  { user: "observer", password: "observer" }\n]\n',
    ),
    'nats.conf': `server_name: rules\nport: -1\nhost: 127.0.0.1\njetstream { store_dir: "${folder}/store" }\nmqtt { port: ${port}, host: 127.0.0.1 }\nauthorization { include ./users.conf }\n`,
  });
  await withServer(
    nats ?? '',
    files,
    (folder) => ['-c', `${folder}/nats.conf`],
    async (port) => expect(await actualOutcomes({ connect: connectTo(port) })).toEqual(expectedOutcomes),
  );
});

test('EMQX gets one line for each user and action, and a last line that denies', () => {
  const text = emqxAcl(contractUsers);
  expect(text).toContain(
    '{allow, {user, "gw1"}, {publish, [{retain, false}]}, ["wp/1/demo/gw1/up", "wp/1/demo/gw1/telemetry", "wp/1/demo/gw1/reply"]}.',
  );
  expect(text).toContain('{allow, {user, "gw1"}, publish, ["wp/1/demo/gw1/state"]}.');
  expect(text).toContain('{allow, {user, "flows"}, subscribe,');
  expect(text).not.toContain('{allow, {user, "flows"}, publish');
  expect(text.trimEnd().endsWith('{deny, all}.')).toBe(true);
});

test('filters become subjects', () => {
  expect(natsSubject('wp/1/demo/+/up')).toBe('wp.1.demo.*.up');
  expect(natsSubject('wp/1/demo/#')).toBe('wp.1.demo.>');
});
