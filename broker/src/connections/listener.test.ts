import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { issueServerCertificate } from '@watchpost/identity/authority';
import { type Keyed, TestSite } from '@watchpost/identity/testing/test-site';
import mqtt, { type IClientOptions } from 'mqtt';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type BrokerService, startBroker } from '../broker-service.ts';
import { everybody, identity, integrator, metric, nextMessage, RawClient, until } from '../broker-testing.ts';
import type { BrokerOptions } from '../config.ts';

const certificates = { site: 'demo' };

let broker: BrokerService;
let lines: Record<string, unknown>[];
let site: TestSite;
let gateway1: Keyed;
/** Of another authority. */
let stranger: Keyed;
let tls: TestSite['tls'];

type Listeners = NonNullable<BrokerOptions['listeners']>;

async function start(listeners: Listeners, more: Partial<BrokerOptions> = {}): Promise<void> {
  const logger = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) });
  broker = await startBroker({ port: 0, identities: everybody, certificates, listeners, logger, ...more });
}

beforeAll(async () => {
  site = await TestSite.create();
  const other = await TestSite.create();
  [gateway1, stranger] = [await site.gateway('gw1'), await other.gateway('gw1')];
  await other.remove();
});
afterAll(() => site.remove());
beforeEach(() => {
  lines = [];
  tls = site.tls;
});
afterEach(() => broker.stop());

async function connect(protocol: 'mqtts' | 'ws' | 'wss' | 'mqtt', options: IClientOptions = {}) {
  const port = broker.ports[0] ?? 0;
  const ca = site.ca;
  const host = options.host ?? 'localhost';
  return mqtt.connectAsync({
    protocol,
    port,
    path: '/mqtt',
    reconnectPeriod: 0,
    ...(protocol === 'mqtts' || protocol === 'wss' ? { ca } : {}),
    ...options,
    host,
  });
}

const up = 'wp/1/demo/gw1/up';

describe('TLS', () => {
  test('a gateway is known by its certificate', async () => {
    await start([{ type: 'tls', port: 0, tls: site.mutualTls }]);
    const gateway = await connect('mqtts', gateway1);
    await gateway.publishAsync(up, '{}', { qos: 1 });
    expect(lines.find((line) => line.msg === 'client connected')).toMatchObject({
      principal: 'gw1',
      kind: 'gateway',
      remote: '127.0.0.1',
    });
    await gateway.endAsync(true);
  });

  test('without a certificate, or with one of another authority, nobody gets in', async () => {
    await start([{ type: 'tls', port: 0, tls: site.mutualTls }]);
    for (const options of [{}, stranger]) {
      const ca = site.ca;
      const socket = connectTls({
        port: broker.ports[0] ?? 0,
        host: 'localhost',
        ca,
        ...(options as object),
      });
      socket.on('error', () => undefined);
      socket.resume();
      await new Promise((resolve) => socket.on('close', resolve));
    }
    expect(await metric(broker, 'watchpost_broker_refused_total{reason="tls"}')).toBe(2);
    expect(await metric(broker, 'watchpost_broker_connects_total')).toBe(0);
  });

  test('where a certificate is optional, another authority’s says nothing and a secret is needed', async () => {
    const optional = { ...site.mutualTls, clientCertificate: 'optional' } as const;
    await start([{ type: 'tls', port: 0, tls: optional }]);
    await expect(connect('mqtts', stranger)).rejects.toMatchObject({ code: 5 });
    const service = await connect('mqtts', { username: 'alerting', password: 'alerting' });
    await service.endAsync(true);
  });

  test('a revoked gateway is put out at once and stays out', async () => {
    const listeners: Listeners = [{ type: 'tls', port: 0, tls: site.mutualTls }];
    await start(listeners);
    const gateway = await connect('mqtts', gateway1);
    const gone = new Promise((resolve) => gateway.once('close', () => resolve(undefined)));
    await broker.reload({ port: 0, listeners, certificates: { site: 'demo', revoked: ['gw1'] } });
    await gone;
    await expect(connect('mqtts', gateway1)).rejects.toMatchObject({ code: 5 });
  });

  test('a renewed certificate is used after a reload, and open connections stay', async () => {
    const listeners: Listeners = [{ type: 'tls', port: 0, tls }];
    await start(listeners);
    const fingerprint = async () => {
      const socket = connectTls({ port: broker.ports[0] ?? 0, rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    const open = await connect('mqtts', { username: 'alerting', password: 'alerting' });
    const before = await fingerprint();
    await issueServerCertificate(site.folder, ['localhost', '127.0.0.1'], 86_400_000, Date.now());
    await broker.reload({ port: 0, identities: everybody, certificates, listeners });
    expect(await fingerprint()).not.toBe(before);
    expect(open.connected).toBe(true);
    await open.endAsync(true);
  });

  test('a certificate that cannot be read is a coded error, at the start and on reload', async () => {
    await start([{ type: 'tls', port: 0, tls }]);
    const broken = [{ type: 'tls', port: 0, tls: { ...tls, keyFile: '/nowhere' } }] satisfies Listeners;
    await expect(startBroker({ port: 0, listeners: broken })).rejects.toMatchObject({
      code: 'config.invalid',
    });
    const key = await readFile(tls.keyFile);
    await writeFile(tls.keyFile, stranger.key);
    const reload = broker.reload({ port: 0, identities: [], listeners: [{ type: 'tls', port: 0, tls }] });
    await expect(reload).rejects.toMatchObject({ code: 'config.invalid' });
    await writeFile(tls.keyFile, key);
    const still = await connect('mqtts', { username: 'alerting', password: 'alerting' });
    await still.endAsync(true);
  });

  test('a handshake that does not go on is closed in time', async () => {
    await start([{ type: 'tls', port: 0, tls }], { limits: { connectTimeoutMs: 100 } });
    const socket = connectTcp(broker.ports[0] ?? 0, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'close');
  });
});

test.each(['tls', 'ws', 'wss'] as const)(
  '%s: who says nothing after the handshake is closed in the time for CONNECT, and counted',
  async (type) => {
    await start([{ type, port: 0, path: '/mqtt', ...(type === 'ws' ? {} : { tls }) }], {
      limits: { connectTimeoutMs: 400 },
    });
    const [port = 0] = broker.ports;
    const ca = site.ca;
    const silent =
      type === 'tls'
        ? connectTls({ port, host: 'localhost', ca }).resume()
        : new WebSocket(`${type}://localhost:${port}/mqtt`, 'mqtt', { ca });
    silent.on('error', () => undefined);
    await once(silent, 'close');
    await expect
      .poll(() => metric(broker, 'watchpost_broker_refused_total{reason="connect_timeout"}'))
      .toBe(1);
    await expect.poll(() => metric(broker, 'watchpost_broker_connections')).toBe(0);
  },
);

describe('WebSocket', () => {
  test.each(['ws', 'wss'] as const)('%s carries MQTT both ways', async (type) => {
    await start([{ type, port: 0, ...(type === 'wss' ? { tls } : {}) }]);
    const service = await connect(type, { username: 'alerting', password: 'alerting' });
    await service.subscribeAsync(up, { qos: 1 });
    const arrived = nextMessage(service);
    const gateway = await connect(type, { username: 'gw1', password: 'gw1' });
    await gateway.publishAsync(up, 'x'.repeat(60_000), { qos: 1 });
    expect((await arrived).text).toHaveLength(60_000);
    await Promise.all([service.endAsync(true), gateway.endAsync(true)]);
  });

  test('a gateway’s certificate counts over wss too', async () => {
    await start([{ type: 'wss', port: 0, tls: site.mutualTls }]);
    const gateway = await connect('wss', { wsOptions: gateway1 });
    await gateway.publishAsync(up, '{}', { qos: 1 });
    await gateway.endAsync(true);
  });

  /** The status of a handshake that is refused. */
  async function refusedHandshake(
    path: string,
    headers: Record<string, string>,
  ): Promise<number | undefined> {
    const socket = new WebSocket(`ws://127.0.0.1:${broker.ports[0]}${path}`, ['mqtt'], { headers });
    const [, response] = await once(socket, 'unexpected-response');
    socket.on('error', () => undefined);
    socket.terminate();
    return response.statusCode;
  }

  test('a web page of an origin that is not allowed is refused', async () => {
    await start([{ type: 'ws', port: 0, allowedOrigins: ['https://good.example'] }]);
    const from = (origin: string) =>
      connect('ws', { username: 'gw1', password: 'gw1', wsOptions: { headers: { origin } } });
    expect(await refusedHandshake('/mqtt', { origin: 'https://evil.example' })).toBe(403);
    const good = await from('https://good.example');
    await good.endAsync(true);
  });

  test('another path and a plain request are refused', async () => {
    await start([{ type: 'ws', port: 0 }]);
    expect(await refusedHandshake('/other', {})).toBe(404);
    expect((await fetch(`http://127.0.0.1:${broker.ports[0]}/mqtt`)).status).toBe(426);
  });
});

describe('IPv6 and PROXY protocol', () => {
  test('clients come over ::1', async () => {
    await start([{ type: 'tcp', host: '::1', port: 0 }]);
    const client = await connect('mqtt', { host: '::1', username: 'gw1', password: 'gw1' });
    await until(() => lines.some((line) => line.msg === 'client connected' && line.remote === '::1'));
    await client.endAsync(true);
  });

  async function proxied(header: string) {
    const socket = connectTcp(broker.ports[0] ?? 0, '127.0.0.1');
    await once(socket, 'connect');
    const raw = new RawClient(socket);
    socket.write(header);
    return raw;
  }

  test('the address of the header counts, for logs and for limits', async () => {
    await start([{ type: 'tcp', port: 0, proxyProtocol: true }], { limits: { connectionsPerAddress: 1 } });
    const hello = { username: 'gw1', password: Buffer.from('gw1') };
    const connectAs = (clientId: string) =>
      ({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        keepalive: 9,
        clientId,
        ...hello,
      }) as const;
    const first = await proxied('PROXY TCP4 203.0.113.9 10.0.0.1 12345 1883\r\n');
    first.send(connectAs('a'));
    await first.next('connack');
    await until(() => lines.some((line) => line.msg === 'client connected' && line.remote === '203.0.113.9'));
    const same = await proxied('PROXY TCP4 203.0.113.9 10.0.0.1 12346 1883\r\n');
    await same.end();
    expect(await metric(broker, 'watchpost_broker_refused_total{reason="connections_per_address"}')).toBe(1);
    const other = await proxied('PROXY TCP4 203.0.113.10 10.0.0.1 12347 1883\r\n');
    other.send(connectAs('b'));
    await other.next('connack');
    first.socket.destroy();
    other.socket.destroy();
  });

  test('a connection without the header is closed', async () => {
    await start([{ type: 'tcp', port: 0, proxyProtocol: true }]);
    const raw = await proxied('\x10\x0c\x00\x04MQTT');
    await raw.end();
    expect(await metric(broker, 'watchpost_broker_refused_total{reason="malformed_packet"}')).toBe(1);
  });

  test('TLS comes after the header', async () => {
    await start([{ type: 'tls', port: 0, proxyProtocol: true, tls }]);
    const socket = connectTcp(broker.ports[0] ?? 0, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('PROXY TCP4 203.0.113.9 10.0.0.1 12345 1883\r\n');
    const secure = connectTls({ socket, ca: site.ca, servername: 'localhost' });
    await once(secure, 'secureConnect');
    const raw = new RawClient(secure);
    raw.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      keepalive: 9,
      clientId: 'x',
      username: 'gw1',
      password: Buffer.from('gw1'),
    });
    await raw.next('connack');
    await until(() => lines.some((line) => line.remote === '203.0.113.9'));
    raw.socket.destroy();
  });
});

describe('a balancer in front of WebSockets', () => {
  const header = 'PROXY TCP4 203.0.113.9 10.0.0.1 12345 1883\r\n';
  const throughBalancer = (secure: boolean) => () => {
    const socket = connectTcp(broker.ports[0] ?? 0, '127.0.0.1');
    socket.write(header);
    return secure ? connectTls({ socket, ca: site.ca, servername: 'localhost' }) : socket;
  };

  test.each([
    ['ws', false],
    ['wss', true],
  ] as const)('%s comes after the header, and its address counts', async (type, secure) => {
    await start([{ type, port: 0, proxyProtocol: true, path: '/mqtt', ...(secure ? { tls } : {}) }]);
    const client = await connect(type, {
      ...{ username: 'gw1', password: 'gw1' },
      wsOptions: { createConnection: throughBalancer(secure) },
    });
    await client.publishAsync(up, '{}', { qos: 1 });
    expect(lines.find((line) => line.msg === 'client connected')).toMatchObject({ remote: '203.0.113.9' });
    await client.endAsync(true);
  });
});

test('a balancer’s check that connects and ends is gone at once, at every listener', async () => {
  const types = ['tcp', 'tls', 'ws', 'wss'] as const;
  const secure = (type: string) => (type === 'tls' || type === 'wss' ? { tls } : {});
  const listeners = [false, true].flatMap((proxyProtocol) =>
    types.map((type) => ({ type, port: 0, proxyProtocol, ...secure(type) })),
  );
  await start(listeners, { limits: { connectTimeoutMs: 120_000 } });
  const header = Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex'); // version 2, LOCAL
  const closed = [broker.port, ...broker.ports].flatMap((port, index) => {
    const checks =
      index > types.length ? [header, header.subarray(0, 5), Buffer.alloc(0)] : [Buffer.alloc(0)];
    return checks.map((bytes) => {
      const socket = connectTcp(port, '127.0.0.1').resume();
      socket.end(bytes);
      return new Promise((resolve) => socket.once('close', resolve));
    });
  });
  await Promise.all(closed);
  await expect.poll(() => metric(broker, 'watchpost_broker_connections'), { timeout: 5000 }).toBe(0);
});

test('connectsPerSecond holds for WebSockets too', async () => {
  await start([{ type: 'ws', port: 0, path: '/mqtt' }], { limits: { connectsPerSecond: 10 } });
  const crowd = await Promise.all(
    Array.from({ length: 8 }, () => connect('ws', { username: 'gw1', password: 'gw1' })),
  );
  expect(await metric(broker, 'watchpost_broker_connects_delayed_total')).toBeGreaterThan(0);
  await Promise.all(crowd.map((client) => client.endAsync(true)));
});

test('a changed secret puts its user out, an unchanged one stays', async () => {
  await start([]);
  const port = broker.port;
  const open = (name: string) =>
    mqtt.connectAsync({ port, host: '127.0.0.1', username: name, password: name, reconnectPeriod: 0 });
  const [stays, goes] = [await open('alerting'), await open('flows')];
  const gone = new Promise((resolve) => goes.once('close', () => resolve(undefined)));
  const changed = { ...identity(integrator), secretSha256: '0'.repeat(64) };
  await broker.reload({
    port: 0,
    identities: [...everybody.filter(({ username }) => username !== 'flows'), changed],
  });
  await gone;
  expect(stays.connected).toBe(true);
  await expect(open('flows')).rejects.toMatchObject({ code: 4 });
  await stays.endAsync(true);
});
