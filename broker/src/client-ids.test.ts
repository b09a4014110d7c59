import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueToken, newTokenKey, publicTokenKey } from '@watchpost/identity';
import { revoke } from '@watchpost/identity/authority';
import { TestSite } from '@watchpost/identity/testing/test-site';
import type { MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BrokerService, startBroker } from './broker-service.ts';
import { connectAs, everybody, identity, metric, until } from './broker-testing.ts';
import type { BrokerOptions } from './config.ts';

let folder: string;
let broker: BrokerService;
const clients: MqttClient[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchpost-owners-'));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  await broker.stop();
  await rm(folder, { recursive: true });
});
const start = async (more: Partial<BrokerOptions> = {}) => {
  broker = await startBroker({
    port: 0,
    identities: everybody,
    ownersFile: join(folder, 'owners.json'),
    ...more,
  });
};
const as = async (name: string, clientId: string, clean = true) => {
  const client = await connectAs(broker, name, { clientId, clean });
  clients.push(client);
  return client;
};
const taken = () => metric(broker, 'watchpost_broker_refused_total{reason="client_id_taken"}');

test('the ids of gateways, services and identities are theirs before they have ever connected', async () => {
  const ownIds = everybody.map((identity) => ({ ...identity, clientIds: [`${identity.username}/main`] }));
  await start({ identities: ownIds });
  const attempts: [name: string, clientId: string][] = [
    ['flows', 'alerting-demo'],
    ['flows', 'alerting-elsewhere'],
    ['gw1', 'alerting'],
    ['flows', 'wp-demo-gw1'],
    ['gw2', 'wp-demo-gw1'],
    ['flows', 'wp-demo-unknown'],
    ['alerting', 'flows-demo-1'],
    ['gw2', 'gw1'],
    ['gw2', 'gw1/main'],
  ];
  for (const [name, clientId] of attempts)
    await expect(as(name, clientId), `${name} as ${clientId}`).rejects.toMatchObject({ code: 2 });
  expect(await taken()).toBe(attempts.length);
  const rightful: [name: string, clientId: string][] = [
    ['alerting', 'alerting-demo'],
    ['gw1', 'wp-demo-gw1'],
    ['gw1', 'gw1'],
    ['gw1', 'gw1/main'],
    ['flows', 'flows-demo-1'],
  ];
  for (const [name, clientId] of rightful) await as(name, clientId);
});

test('a session that was kept keeps its id over a restart of the broker, and nothing of a secret is on disk', async () => {
  await start();
  await (await as('gw1', 'door-controller', false)).endAsync();
  await broker.stop();
  const file = join(folder, 'owners.json');
  const text = await readFile(file, 'utf8');
  expect(JSON.parse(text).owners).toMatchObject([{ clientId: 'door-controller' }]);
  for (const { secretSha256 } of everybody) expect(text).not.toContain(secretSha256);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await start();
  await expect(as('flows', 'door-controller')).rejects.toMatchObject({ code: 2 });
  await as('gw1', 'door-controller', false);
});

test('after a crash too: the file is written at once', async () => {
  await start();
  await as('gw1', 'door-controller', false);
  await until(() => true);
  await expect
    .poll(() => readFile(join(folder, 'owners.json'), 'utf8').catch(() => ''), { timeout: 20_000 })
    .toContain('door-controller');
});

test('whoever is no longer known loses the session, its queue and its id', async () => {
  await start();
  const former = await as('flows', 'mine', false);
  await former.subscribeAsync('wp/1/demo/+/up', { qos: 1 });
  await former.endAsync();
  await (await as('gw1', 'sender')).publishAsync('wp/1/demo/gw1/up', 'waits', { qos: 1 });
  expect(await metric(broker, 'watchpost_broker_queued_messages')).toBe(1);
  await broker.reload({ port: 0, identities: everybody.filter(({ username }) => username !== 'flows') });
  await expect.poll(() => metric(broker, 'watchpost_broker_sessions'), { timeout: 20_000 }).toBe(0);
  expect(await metric(broker, 'watchpost_broker_queued_messages')).toBe(0);
  expect(await metric(broker, 'watchpost_broker_sessions_revoked_total')).toBe(1);
  await as('gw2', 'mine');
});

test('a session outlives the token that it was made with for a grace, and not longer', async () => {
  const key = newTokenKey({ kid: 'k1' });
  await start({
    tokens: { site: 'demo', keys: [publicTokenKey(key)] },
    limits: { sessionGraceMs: 500 },
  });
  const order = {
    site: 'demo',
    issuer: 'watchpost',
    kind: 'integrator',
    subject: 'lift',
    lifeSeconds: 5,
  } as const;
  const password = await issueToken(order, key, Date.now());
  const app = await connectAs(broker, undefined, {
    username: 'token',
    password,
    clientId: 'lift',
    clean: false,
  });
  await app.subscribeAsync('wp/1/demo/+/up', { qos: 1 });
  await app.endAsync();
  await (await as('gw1', 'sender')).publishAsync('wp/1/demo/gw1/up', 'waits', { qos: 1 });
  expect(await metric(broker, 'watchpost_broker_sessions')).toBe(1);
  await expect.poll(() => metric(broker, 'watchpost_broker_sessions'), { timeout: 30_000 }).toBe(0);
  expect(await metric(broker, 'watchpost_broker_queued_messages')).toBe(0);
});

test('a revoked certificate takes its session along', async () => {
  const site = await TestSite.create();
  await start({
    certificates: { site: 'demo' },
    revocationFile: site.files.revocations,
    listeners: [{ type: 'tls', port: 0, tls: site.mutualTls }],
  });
  const gateway = await site.gateway('gw1');
  const client = await connectAs(broker, undefined, {
    ...{ protocol: 'mqtts', port: broker.ports[0] ?? 0, rejectUnauthorized: false, ...gateway },
    ...{ clientId: 'kept', clean: false },
  });
  await client.endAsync();
  await revoke(site.folder, { serial: gateway.serial }, Date.now());
  await expect
    .poll(() => metric(broker, 'watchpost_broker_sessions_revoked_total'), { timeout: 30_000 })
    .toBe(1);
  await as('gw2', 'kept', false);
  await site.remove();
});

test('a damaged file is said and does not keep the broker from starting', async () => {
  await start();
  await broker.stop();
  broker = await startBroker({ port: 0, identities: everybody, ownersFile: folder });
  await as('gw1', 'gw1', false);
});

test('gateways of two sites whose client ids are the same have a session each', async () => {
  const ofSite = (site: string, gateway: string) =>
    identity({ kind: 'gateway', name: `${site}/${gateway}`, site, gateway });
  await start({ identities: [ofSite('a', 'b-c'), ofSite('a-b', 'c')] });
  const open = (name: string) => as(name, 'wp-a-b-c', false);
  const [first, second] = [await open('a/b-c'), await open('a-b/c')];
  expect([first.connected, second.connected]).toEqual([true, true]);
  await expect(as('a/b-c', 'wp-a-b.c')).rejects.toMatchObject({ code: 2 });
  await expect(as('a-b/c', 'wp-a.b-c')).rejects.toMatchObject({ code: 2 });
  // One that comes back throws the other out no more than it takes its session.
  await first.endAsync();
  const again = await open('a/b-c');
  expect(again.connected && second.connected).toBe(true);
  await broker.stop();
  const { owners } = JSON.parse(await readFile(join(folder, 'owners.json'), 'utf8'));
  expect(owners.map(({ clientId }: { clientId: string }) => clientId).toSorted()).toEqual([
    'wp-a-b.c',
    'wp-a.b-c',
  ]);
});
