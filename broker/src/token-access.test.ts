import type { Principal } from '@watchpost/contracts/wire';
import { issueToken, newTokenKey, publicTokenKey, type TokenOrder } from '@watchpost/identity';
import type { IClientOptions } from 'mqtt';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BrokerService, startBroker } from './broker-service.ts';
import {
  closed,
  connectAs,
  connectPacket,
  everybody,
  metric,
  nextMessage,
  RawClient,
  until,
} from './broker-testing.ts';
import type { BrokerOptions } from './config.ts';

const key = newTokenKey({ kid: 'k1' });
let broker: BrokerService;
let log: string;
const lines = (): Record<string, unknown>[] =>
  log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

async function start(more: Partial<BrokerOptions> = {}): Promise<void> {
  const write = (line: string): void => {
    log += line;
  };
  const logger = pino({}, { write });
  broker = await startBroker({
    port: 0,
    identities: everybody,
    tokens: { site: 'demo', keys: [publicTokenKey(key)] },
    logger,
    ...more,
  });
}

beforeEach(() => {
  log = '';
});
afterEach(() => broker.stop());

const tokenFor = (
  kind: TokenOrder['kind'],
  subject: string,
  scope?: Principal['scope'],
  lifeSeconds = 600,
  issuedMs = Date.now(),
): Promise<string> =>
  issueToken({ site: 'demo', issuer: 'watchpost', kind, subject, lifeSeconds, scope }, key, issuedMs);

const withToken = (token: string, options: IClientOptions = {}) =>
  connectAs(broker, undefined, { username: 'token', password: token, ...options });
const alert = 'wp/1/demo/alerts/a1';
const up = (gateway: string) => `wp/1/demo/${gateway}/up`;

describe('a client with a token', () => {
  test('of a gateway speaks as that gateway', async () => {
    await start();
    const service = await connectAs(broker, 'alerting');
    await service.subscribeAsync(up('gw1'), { qos: 1 });
    const heard = nextMessage(service);
    const gateway = await withToken(await tokenFor('gateway', 'gw1'));
    await gateway.publishAsync(up('gw1'), '{}', { qos: 1 });
    expect(await heard).toMatchObject({ text: '{}' });
    gateway.publish(up('gw2'), '{}', { qos: 1 });
    await closed(gateway);
    await service.endAsync(true);
  });

  test('of an officer’s app hears alerts of its site, and nothing else', async () => {
    await start();
    const app = await withToken(await tokenFor('officer', 'tablet-1'));
    await app.subscribeAsync('wp/1/demo/alerts/+', { qos: 1 });
    const heard = nextMessage(app);
    const service = await connectAs(broker, 'alerting');
    await service.publishAsync(alert, '{"a":1}', { qos: 1, retain: true });
    expect(await heard).toMatchObject({ topic: alert });
    for (const filter of ['wp/1/demo/+/up', 'wp/1/other/alerts/+', '#', '$SYS/#'])
      await expect(app.subscribeAsync(filter), filter).rejects.toThrow();
    app.publish(alert, '{}', { qos: 1 });
    await closed(app);
    await service.endAsync(true);
  });

  const narrow = { subscribe: [up('gw1')], publish: [] };

  test('subscribes within its scope only', async () => {
    await start();
    const client = await withToken(await tokenFor('integrator', 'lift', narrow));
    await client.subscribeAsync(up('gw1'));
    for (const filter of [up('gw2'), 'wp/1/demo/+/up', 'wp/1/demo/alerts/+'])
      await expect(client.subscribeAsync(filter), filter).rejects.toThrow();
    await client.endAsync(true);
  });

  test('publishes, retains and leaves a will within its scope only', async () => {
    await start();
    const state = 'wp/1/demo/gw1/state';
    const token = await tokenFor('gateway', 'gw1', { publish: [up('gw1')] });
    const will = { topic: state, payload: Buffer.from('{}'), qos: 1, retain: true } as const;
    await expect(withToken(token, { will })).rejects.toMatchObject({ code: 5 });
    const retains = await withToken(token);
    await retains.publishAsync(up('gw1'), '{}', { qos: 1 });
    retains.publish(state, '{}', { qos: 1, retain: true });
    await closed(retains);
    const wide = await withToken(await tokenFor('gateway', 'gw1'), { will });
    await wide.publishAsync(state, '{}', { qos: 1, retain: true });
    await wide.endAsync(true);
  });

  test('is not let further by a scope that is wider than its kind', async () => {
    await start();
    const wish = { publish: ['#'], subscribe: ['#'] };
    const client = await withToken(await tokenFor('integrator', 'lift', wish));
    for (const filter of ['#', 'wp/1/demo/#', 'wp/1/demo/+/policy', 'wp/1/other/+/up', '$SYS/broker/#'])
      await expect(client.subscribeAsync(filter), filter).rejects.toThrow();
    await client.subscribeAsync('wp/1/demo/+/up');
    client.publish(alert, '{}', { qos: 1, retain: true });
    await closed(client);
  });

  test('gets nothing from a session that was made with a wider one', async () => {
    await start();
    const session = { clean: false, clientId: 'lift' };
    const wide = await withToken(await tokenFor('integrator', 'lift'), session);
    await wide.subscribeAsync([up('gw1'), 'wp/1/demo/+/up', 'wp/1/demo/alerts/+'], { qos: 1 });
    await wide.endAsync();
    const [gateway, service] = [await connectAs(broker, 'gw1'), await connectAs(broker, 'alerting')];
    await service.publishAsync(alert, 'waited', { qos: 1, retain: true });
    await gateway.publishAsync(up('gw1'), 'waited', { qos: 1 });
    const heard: string[] = [];
    const less = await RawClient.open(broker);
    const password = Buffer.from(await tokenFor('integrator', 'lift', narrow));
    less.send(connectPacket('lift', { clean: false, username: 'token', password }));
    expect(await less.next('connack')).toMatchObject({ returnCode: 0, sessionPresent: true });
    await service.publishAsync(alert, 'live', { qos: 1, retain: true });
    await gateway.publishAsync(up('gw1'), 'live', { qos: 1 });
    while (!heard.includes(`${up('gw1')} live`)) {
      const { topic, payload, messageId = 0 } = await less.next('publish');
      heard.push(`${topic} ${payload}`);
      less.send({ cmd: 'puback', messageId });
    }
    expect(heard).toEqual([`${up('gw1')} waited`, `${up('gw1')} live`]);
    less.socket.destroy();
    await Promise.all([gateway.endAsync(true), service.endAsync(true)]);
  });
});

describe('a bad token', () => {
  test('gets the same answer whatever is wrong, as a wrong secret does, and is not in the log', async () => {
    await start({ limits: { connectBytes: 256 * 1024 } });
    const good = await tokenFor('integrator', 'lift');
    const [head = '', body = '', signature = ''] = good.split('.');
    const none = Buffer.from('{"alg":"none","typ":"wp+jwt","kid":"k1"}').toString('base64url');
    const bad: Record<string, string> = {
      token_algorithm: `${none}.${body}.`,
      token_unknown_key: await issueToken(
        { site: 'demo', issuer: 'watchpost', kind: 'gateway', subject: 'gw1', lifeSeconds: 60 },
        newTokenKey({ kid: 'k9' }),
        Date.now(),
      ),
      token_signature: `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      token_expired: await tokenFor('gateway', 'gw1', undefined, 60, Date.now() - 61_000),
      token_not_yet_valid: await tokenFor('gateway', 'gw1', undefined, 60, Date.now() + 120_000),
      token_audience: await issueToken(
        { site: 'other', issuer: 'watchpost', kind: 'gateway', subject: 'gw1', lifeSeconds: 60 },
        key,
        Date.now(),
      ),
      token_life: await tokenFor('gateway', 'gw1', undefined, 7200),
      token_size: `${head}.${'x'.repeat(60_000)}.${signature}`,
      token_malformed: 'token',
    };
    const answers = new Set<string>();
    for (const password of Object.values(bad)) {
      const client = await RawClient.open(broker);
      client.send(connectPacket('x', { username: 'token', password: Buffer.from(password) }));
      answers.add(JSON.stringify(await client.next('connack')));
      await client.end();
    }
    const unknown = await RawClient.open(broker);
    unknown.send(connectPacket('x', { username: 'nobody', password: Buffer.from('wrong') }));
    answers.add(JSON.stringify(await unknown.next('connack')));
    expect([...answers]).toEqual([expect.stringContaining('"returnCode":4')]);
    const faults = lines().flatMap((line) => (line.reason === 'unauthorized' ? [line.fault] : []));
    expect(faults).toEqual([...Object.keys(bad), 'secret']);
    for (const token of Object.values(bad))
      for (const part of token.split('.').filter((piece) => piece.length > 10))
        expect(log).not.toContain(part);
  });

  test('of 100 kB is not even read', async () => {
    await start();
    const client = await RawClient.open(broker);
    client.send(connectPacket('x', { username: 'token', password: Buffer.alloc(100_000, 120) }));
    await client.end();
    expect(await metric(broker, 'watchpost_broker_refused_total{reason="packet_too_large"}')).toBe(1);
  });

  test('is a wrong secret where no tokens are believed', async () => {
    broker = await startBroker({ port: 0, identities: everybody });
    await expect(withToken(await tokenFor('gateway', 'gw1'))).rejects.toMatchObject({ code: 4 });
  });
});

describe('the end of a token', () => {
  test('ends its connection, counted and said', async () => {
    await start();
    const client = await withToken(await tokenFor('integrator', 'lift', undefined, 4));
    const stays = await withToken(await tokenFor('integrator', 'stays'));
    await closed(client);
    expect(await metric(broker, 'watchpost_broker_refused_total{reason="expired"}')).toBe(1);
    expect(lines().find((line) => line.reason === 'expired')).toMatchObject({
      code: 'identity.expired',
      principal: 'lift',
      by: expect.stringMatching(/^token [\w-]{22} of key k1$/),
    });
    expect(stays.connected).toBe(true);
    await stays.endAsync(true);
  });

  test('comes with the end of its key, on reload', async () => {
    await start();
    const client = await withToken(await tokenFor('integrator', 'lift'));
    const gone = closed(client);
    const another = publicTokenKey(newTokenKey({ kid: 'k1' }));
    await broker.reload({ port: 0, identities: everybody, tokens: { site: 'demo', keys: [another] } });
    await gone;
    await expect(withToken(await tokenFor('integrator', 'lift'))).rejects.toMatchObject({ code: 4 });
  });
});

describe('the same client id twice', () => {
  test('is a takeover when it is the same gateway, whatever it comes with', async () => {
    await start();
    const first = await connectAs(broker, 'gw1', { clientId: 'same' });
    const gone = closed(first);
    const second = await withToken(await tokenFor('gateway', 'gw1'), { clientId: 'same' });
    await gone;
    await until(() => lines().some((line) => line.msg === 'session taken over'));
    expect(second.connected).toBe(true);
    await second.endAsync(true);
  });

  test('is refused when another kind of principal only has the same name', async () => {
    await start();
    const gateway = await connectAs(broker, 'gw1', { clientId: 'same' });
    const token = await tokenFor('integrator', 'gw1');
    await expect(withToken(token, { clientId: 'same' })).rejects.toMatchObject({ code: 2 });
    expect(gateway.connected).toBe(true);
    await gateway.endAsync(true);
  });
});

test('no user may be called “token” beside tokens', async () => {
  const [first] = everybody;
  const identities = [{ ...first, username: 'token' }] as typeof everybody;
  await expect(start({ identities })).rejects.toMatchObject({ code: 'config.invalid', path: '/identities' });
  await start();
});
