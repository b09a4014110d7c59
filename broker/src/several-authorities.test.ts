import { readFile } from 'node:fs/promises';
import { issueToken, newTokenKey, publicTokenKey, writeRevocations } from '@watchpost/identity';
import { type Keyed, TestSite } from '@watchpost/identity/testing/test-site';
import mqtt, { type IClientOptions } from 'mqtt';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type BrokerService, startBroker } from './broker-service.ts';
import { type BrokerOptions, parseBrokerConfig } from './config.ts';

let north: TestSite;
let south: TestSite;
let broker: BrokerService | undefined;
let log: Record<string, unknown>[] = [];
const both = newTokenKey({ kid: 'both' });
const ofNorth = newTokenKey({ kid: 'north' });

beforeAll(async () => {
  north = await TestSite.create('north');
  south = await TestSite.create('south');
});
afterAll(() => Promise.all([north.remove(), south.remove()]));
afterEach(async () => {
  await broker?.stop();
  broker = undefined;
});

const options = (more: Partial<BrokerOptions> = {}): BrokerOptions => ({
  port: 0,
  certificates: { site: ['north', 'south'] },
  tokens: {
    site: ['north', 'south'],
    keys: [publicTokenKey(both), { ...publicTokenKey(ofNorth), sites: ['north'] }],
  },
  revocationFiles: [
    { site: 'north', file: north.files.revocations },
    { site: 'south', file: south.files.revocations },
  ],
  listeners: [
    {
      type: 'tls',
      port: 0,
      tls: {
        ...north.tls,
        clientCertificate: 'optional',
        clientAuthorities: [
          { site: 'north', caFile: north.files.certificate },
          { site: 'south', caFile: south.files.certificate },
        ],
      },
    },
  ],
  ...more,
});

async function start(more: Partial<BrokerOptions> = {}): Promise<void> {
  log = [];
  const logger = pino({}, { write: (line: string) => log.push(JSON.parse(line)) });
  broker = await startBroker({ ...options(more), logger });
}

const connect = (more: IClientOptions) =>
  mqtt.connectAsync({
    ...{
      protocol: 'mqtts',
      host: 'localhost',
      port: broker?.ports[0] ?? 0,
      ca: north.ca,
      reconnectPeriod: 0,
    },
    ...more,
  });
const certified = ({ cert, key }: Keyed, more: IClientOptions = {}) => connect({ cert, key, ...more });
const fault = () => log.findLast((line) => line.reason === 'unauthorized')?.fault;

test('two gateways of one name are each of the site whose authority signed, with the topics of that site alone', async () => {
  await start();
  const clients = await Promise.all(
    [north, south].map(async (site) =>
      certified(await site.gateway('gw-1'), { clientId: `wp-${site.authority.site}-gw-1` }),
    ),
  );
  const [ofTheNorth, ofTheSouth] = clients;
  expect(clients.map((client) => client.connected)).toEqual([true, true]);
  await ofTheSouth?.publishAsync('wp/1/south/gw-1/up', '[]', { qos: 1 });
  await ofTheNorth?.publishAsync('wp/1/north/gw-1/up', '[]', { qos: 1 });
  const ended = new Promise((resolve) => ofTheSouth?.once('close', () => resolve(true)));
  ofTheSouth?.publish('wp/1/north/gw-1/up', '[]', { qos: 1 });
  expect(await ended).toBe(true);
  await ofTheNorth?.endAsync(true);
});

test('a certificate that names another site than its authority’s is nobody’s, and so is one of a third authority', async () => {
  await start();
  const key = await readFile(north.files.key, 'utf8');
  const crafted = await north.crafted(key, { uri: 'watchpost://south/gateways/gw1' });
  await expect(certified(crafted)).rejects.toMatchObject({ code: 5 });
  expect(fault()).toBe('certificate_site');
  const third = await TestSite.create('south');
  await expect(certified(await third.gateway('gw1'))).rejects.toMatchObject({ code: 5 });
  expect(fault()).toBe('no_credential');
  await third.remove();
});

test('what one site revokes is good on the other', async () => {
  await writeRevocations(north.files.revocations, [
    { type: 'gateway', gateway: 'gw-1', at: new Date().toISOString() },
  ]);
  await start();
  await expect(certified(await north.gateway('gw-1'))).rejects.toMatchObject({ code: 5 });
  expect(fault()).toBe('revoked');
  const other = await certified(await south.gateway('gw-1'));
  await other.endAsync(true);
  await writeRevocations(north.files.revocations, []);
});

test('a token is of the site that it names, and a key of one site vouches for no other', async () => {
  await start();
  const token = (site: string, key: typeof both) =>
    issueToken(
      { site, issuer: 'watchpost', kind: 'officer', subject: 'anna', lifeSeconds: 60 },
      key,
      Date.now(),
    );
  const as = async (site: string, key: typeof both) =>
    connect({ username: 'token', password: await token(site, key), clientId: `${site}-${Math.random()}` });
  for (const [site, key] of [
    ['north', both],
    ['south', both],
    ['north', ofNorth],
  ] as const) {
    const client = await as(site, key);
    const others = site === 'north' ? 'south' : 'north';
    const [own, foreign] = await client
      .subscribeAsync([`wp/1/${site}/alerts/+`, `wp/1/${others}/alerts/+`])
      .catch(() => []);
    expect([own?.qos, foreign?.qos]).not.toEqual([0, 0]);
    await client.endAsync(true);
  }
  await expect(as('south', ofNorth)).rejects.toMatchObject({ code: 4 });
  expect(fault()).toBe('token_audience');
});

test('a configuration that leaves open whose a certificate is does not start', async () => {
  const refused = (more: Partial<BrokerOptions>) => () => parseBrokerConfig(options(more));
  const listeners = [{ type: 'tls' as const, port: 0, tls: north.mutualTls }];
  expect(refused({ listeners })).toThrow(
    expect.objectContaining({ code: 'config.invalid', path: '/listeners/0/tls/clientCaFile' }),
  );
  const revoked = ['gw-1'];
  expect(refused({ certificates: { site: ['north', 'south'], revoked } })).toThrow(
    expect.objectContaining({ code: 'config.invalid', path: '/certificates/revoked' }),
  );
  const one = { site: 'north', caFile: north.files.certificate };
  const tls = { ...north.tls, clientAuthorities: [one, { ...one, site: 'south' }] };
  await expect(startBroker(options({ listeners: [{ type: 'tls', port: 0, tls }] }))).rejects.toMatchObject({
    code: 'config.invalid',
    path: '/clientAuthorities',
  });
});
