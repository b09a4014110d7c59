import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect as connectTls } from 'node:tls';
import { issueToken, newTokenKey, publicTokenKey, writeRevocations } from '@watchpost/identity';
import { readmit, revoke } from '@watchpost/identity/authority';
import { ExtendedKeyUsage, type Keyed, TestSite } from '@watchpost/identity/testing/test-site';
import mqtt, { type IClientOptions } from 'mqtt';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BrokerService, startBroker } from './broker-service.ts';
import { closed, connectPacket, everybody, metric, RawClient, until } from './broker-testing.ts';
import { type BrokerOptions, parseBrokerConfig } from './config.ts';

let site: TestSite;
let gateway1: Keyed & { readonly serial: string };
let broker: BrokerService;
let log: Record<string, unknown>[];
const signing = newTokenKey({ kid: 'k1' });

beforeAll(async () => {
  site = await TestSite.create();
  gateway1 = await site.gateway('gw1');
});
afterAll(() => site.remove());
beforeEach(async () => {
  log = [];
  await writeRevocations(site.files.revocations, []);
});
afterEach(() => broker.stop());

async function start(more: Partial<BrokerOptions> = {}): Promise<void> {
  const logger = pino({}, { write: (line: string) => log.push(JSON.parse(line)) });
  broker = await startBroker({
    port: 0,
    identities: everybody,
    certificates: { site: 'demo' },
    tokens: { site: 'demo', keys: [publicTokenKey(signing)] },
    revocationFile: site.files.revocations,
    listeners: [{ type: 'tls', port: 0, tls: { ...site.mutualTls, clientCertificate: 'optional' } }],
    logger,
    ...more,
  });
}

const connect = (options: IClientOptions = {}) =>
  mqtt.connectAsync({
    protocol: 'mqtts',
    host: 'localhost',
    port: broker.ports[0] ?? 0,
    ca: site.ca,
    reconnectPeriod: 0,
    ...options,
  });
const certified = ({ cert, key }: Keyed, more: IClientOptions = {}) => connect({ cert, key, ...more });
const tokenFor = (subject: string) =>
  issueToken(
    { site: 'demo', issuer: 'watchpost', kind: 'integrator', subject, lifeSeconds: 600 },
    signing,
    Date.now(),
  );

describe('a certificate of the site’s authority', () => {
  test('that was not made for a gateway of this site is nobody’s', async () => {
    await start();
    const key = await readFile(site.files.key, 'utf8');
    const crafted = (what: Parameters<TestSite['crafted']>[1]) => site.crafted(key, what);
    const { clientAuth, serverAuth } = ExtendedKeyUsage;
    const server = {
      cert: await readFile(site.files.serverCertificate, 'utf8'),
      key: await readFile(site.files.serverKey, 'utf8'),
    };
    const cases: readonly (readonly [string, Keyed])[] = [
      ['certificate_site', await crafted({ uri: 'watchpost://other/gateways/gw1' })],
      ['certificate_site', await crafted({ uri: 'watchpost://demo/gateways/gw2' })],
      ['certificate_usage', await crafted({ usages: [clientAuth, serverAuth] })],
      ['certificate_name', await crafted({ name: 'alerts' })],
      ['certificate_name', await crafted({ name: 'gw 1' })],
    ];
    for (const [fault, keyed] of cases) {
      await expect(certified(keyed), fault).rejects.toMatchObject({ code: 5 });
      expect(log.findLast((line) => line.reason === 'unauthorized')).toMatchObject({ fault });
    }
    // these two TLS itself does not take for a client’s, so nobody comes with them
    for (const keyed of [await crafted({ usages: [serverAuth] }), server])
      await expect(certified(keyed)).rejects.toMatchObject({ code: 5 });
    expect(log.findLast((line) => line.reason === 'unauthorized')).toMatchObject({ fault: 'no_credential' });
    const good = await certified(await crafted({}));
    await good.endAsync(true);
  });

  test('may not sign others, and none without a usage', async () => {
    await start();
    const key = await readFile(site.files.key, 'utf8');
    for (const what of [{ authority: true }, { usages: [] }])
      await expect(certified(await site.crafted(key, what))).rejects.toMatchObject({ code: 5 });
    expect(log.filter((line) => line.fault === 'certificate_usage')).toHaveLength(2);
  });

  test('ends its connection when it expires', async () => {
    await start();
    const short = await site.gateway('gw1', 6000);
    const [gateway, stays] = [await certified(short), await certified(await site.gateway('gw2'))];
    await closed(gateway);
    expect(log.find((line) => line.reason === 'expired')).toMatchObject({ principal: 'gw1' });
    expect(stays.connected).toBe(true);
    await stays.endAsync(true);
  });

  test('and its successor are both good, and the connection with the new one takes over', async () => {
    await start();
    const old = await certified(gateway1, { clientId: 'wp-gw1' });
    const gone = closed(old);
    const renewed = await certified(await site.gateway('gw1'), { clientId: 'wp-gw1' });
    await gone;
    await until(() => log.some((line) => line.msg === 'session taken over'));
    expect(log.find((line) => line.msg === 'client connected')).toMatchObject({
      by: `certificate ${gateway1.serial.toUpperCase()}`,
    });
    await expect(certified(await site.gateway('gw2'), { clientId: 'wp-gw1' })).rejects.toMatchObject({
      code: 2,
    });
    expect(renewed.connected).toBe(true);
    await renewed.endAsync(true);
  });

  test('still counts when the TLS session is resumed, and not any more when it was revoked', async () => {
    await start();
    const options = { host: 'localhost', port: broker.ports[0] ?? 0, ca: site.ca, ...gateway1 };
    const hello = async (session?: Buffer) => {
      const socket = connectTls({ ...options, ...(session ? { session } : {}) });
      let ticket: Buffer | undefined;
      socket.on('session', (given) => {
        ticket = given;
      });
      await once(socket, 'secureConnect');
      const reused = socket.isSessionReused();
      const raw = new RawClient(socket);
      raw.send(connectPacket('resumes'));
      const { returnCode } = await raw.next('connack');
      // The ticket may come after the answer.
      if (!session) await until(() => ticket !== undefined);
      socket.destroy();
      return { returnCode, reused, ticket };
    };
    const first = await hello();
    expect(first).toMatchObject({ returnCode: 0, reused: false });
    expect(await hello(first.ticket)).toMatchObject({ returnCode: 0, reused: true });
    await revoke(site.folder, { serial: gateway1.serial }, Date.now());
    await expect
      .poll(() => hello(first.ticket), { timeout: 30_000 })
      .toMatchObject({ returnCode: 5, reused: true });
  });
});

describe('revocation', () => {
  test('closes open connections of what was revoked, keeps it out, and leaves the others', async () => {
    await start();
    const renewed = await site.gateway('gw1');
    const byToken = async (subject: string) =>
      connect({ username: 'token', password: await tokenFor(subject) });
    const jti = (token: string) =>
      JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).jti as string;
    const one = await tokenFor('lift');
    const goes = {
      serial: await certified(gateway1),
      gateway: await certified(await site.gateway('gw2')),
      secret: await connect({ username: 'gw2', password: 'gw2' }),
      token: await connect({ username: 'token', password: one }),
      subject: await byToken('gate'),
    };
    const stays = [await certified(renewed), await byToken('lift'), await byToken('pump')];
    const gone = Promise.all(Object.values(goes).map((client) => closed(client)));
    await revoke(site.folder, { serial: gateway1.serial.toLowerCase().padStart(34, '0') }, Date.now());
    await revoke(site.folder, { gateway: 'gw2' }, Date.now());
    await revoke(site.folder, { token: jti(one) }, Date.now());
    await revoke(site.folder, { subject: 'gate' }, Date.now());
    await gone;
    expect(stays.map((client) => client.connected)).toEqual([true, true, true]);
    expect(await metric(broker, 'watchpost_broker_refused_total{reason="revoked"}')).toBe(5);
    await expect(certified(gateway1)).rejects.toMatchObject({ code: 5 });
    await expect(certified(await site.gateway('gw2'))).rejects.toMatchObject({ code: 5 });
    await expect(connect({ username: 'gw2', password: 'gw2' })).rejects.toMatchObject({ code: 4 });
    await expect(connect({ username: 'token', password: one })).rejects.toMatchObject({ code: 4 });
    // a whole key
    const rest = Promise.all(stays.slice(1).map((client) => closed(client)));
    await revoke(site.folder, { key: 'k1' }, Date.now());
    await rest;
    expect(stays[0]?.connected).toBe(true);
    await stays[0]?.endAsync(true);
    // and back in
    await readmit(site.folder, 'gw2', Date.now());
    await until(() => log.filter((line) => line.msg === 'revocations read').length >= 3);
    const back = await connect({ username: 'gw2', password: 'gw2' });
    await back.endAsync(true);
  });

  test('stays as it was when the file is damaged or gone, which is said and counted, and goes on when it is whole', async () => {
    const list = [{ type: 'serial', serial: gateway1.serial, at: '2026-01-01T00:00:00.000Z' }] as const;
    await writeRevocations(site.files.revocations, list);
    await start();
    for (const [turn, content] of [
      '{"version":1,"entries":[{"type":"ser',
      '[]',
      '{"version":2,"entries":[]}',
    ].entries()) {
      await writeFile(site.files.revocations, content);
      await until(() => log.filter((line) => line.msg === 'revocation file damaged').length > turn);
      await expect(certified(gateway1)).rejects.toMatchObject({ code: 5 });
    }
    expect(await metric(broker, 'watchpost_broker_revocations_damaged_total')).toBe(3);
    expect(await metric(broker, 'watchpost_broker_revocations')).toBe(1);
    await writeRevocations(site.files.revocations, []);
    await until(() => log.some((line) => line.msg === 'revocations read'));
    const gateway = await certified(gateway1);
    await gateway.endAsync(true);
  });

  test.each([
    ['missing', '/nowhere/revocations.json'],
    ['damaged', undefined],
  ])('a %s file stops the start', async (_name, path) => {
    await start();
    await writeFile(site.files.revocations, 'damaged');
    const failing = startBroker({ port: 0, revocationFile: path ?? site.files.revocations });
    await expect(failing).rejects.toMatchObject({ code: 'identity.revocations_damaged' });
  });
});

describe('nobody comes in without a name', () => {
  test('at any listener', async () => {
    const { tls } = site;
    const optional = { ...site.mutualTls, clientCertificate: 'optional' } as const;
    await start({
      listeners: [
        { type: 'tcp', port: 0 },
        { type: 'tls', port: 0, tls },
        { type: 'tls', port: 0, tls: optional },
        { type: 'ws', port: 0 },
        { type: 'wss', port: 0, tls: optional },
      ],
    });
    const protocols = ['mqtt', 'mqtt', 'mqtts', 'mqtts', 'ws', 'wss'] as const;
    for (const [index, port] of [broker.port, ...broker.ports].entries()) {
      const protocol = protocols[index] ?? 'mqtt';
      await expect(connect({ protocol, port, path: '/mqtt' }), protocol).rejects.toMatchObject({ code: 5 });
      const empty = connect({ protocol, port, path: '/mqtt', username: '', password: '' });
      await expect(empty, protocol).rejects.toMatchObject({ code: 4 });
    }
    expect(await metric(broker, 'watchpost_broker_connects_total')).toBe(0);
  });

  test.each(['0.0.0.0', '::', '192.168.1.2', 'broker.example'])(
    'and an anonymous principal is refused where %s is a host of any listener',
    async (host) => {
      await start();
      const anonymous = { kind: 'demo', name: 'demo', site: 'demo' } as const;
      for (const config of [
        { host, port: 0, anonymous },
        { port: 0, anonymous, listeners: [{ type: 'ws', host, port: 0 }] },
      ])
        expect(() => parseBrokerConfig(config)).toThrow(expect.objectContaining({ path: '/anonymous' }));
      expect(parseBrokerConfig({ port: 0, anonymous }).host).toBe('127.0.0.1');
    },
  );
});
