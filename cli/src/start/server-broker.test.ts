import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokerLimitsSchema, parseBrokerConfig } from '@watchpost/broker';
import { serverFileSchema } from '@watchpost/contracts/site';
import { mayPublish, maySubscribe } from '@watchpost/contracts/wire';
import { newTokenKey } from '@watchpost/identity';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newOfficerKey } from './broker-link.ts';
import { loadSecrets } from './secrets.ts';
import { type ServerBrokerParts, serverBrokerConfig } from './server-broker.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'server-broker-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const key = newTokenKey({ kid: 'programs' });
const parts = (more: Partial<ServerBrokerParts> = {}): ServerBrokerParts => ({
  sites: ['main', 'north'],
  gateways: [
    { site: 'main', gateway: 'gw-1' },
    { site: 'north', gateway: 'gw-1' },
  ],
  port: 1883,
  listen: { host: '0.0.0.0', port: 8883 },
  authorities: ['main', 'north'].map((site) => ({ site, folder: join(folder, 'authorities', site) })),
  dataFolder: folder,
  secrets: loadSecrets(folder, { isDemo: false }),
  secretFolder: { has: () => true, read: () => JSON.stringify(key) },
  officerKey: newOfficerKey(),
  policy: serverFileSchema.parse({ version: 1 }).policy.broker,
  ...more,
});

it('takes gateways with certificates alone, our own processes on loopback, and nobody without a name', () => {
  const config = parseBrokerConfig(serverBrokerConfig(parts()));
  expect(config.host).toBe('127.0.0.1');
  expect(config.listeners).toMatchObject([
    {
      ...{ type: 'tls', host: '0.0.0.0', port: 8883 },
      tls: { clientCertificate: 'required', clientAuthorities: [{ site: 'main' }, { site: 'north' }] },
    },
  ]);
  expect(config.certificates?.site).toEqual(['main', 'north']);
  expect(config.anonymous).toBeUndefined();
  expect(config.identities.map(({ username }) => username)).toEqual([
    'main/gw-1',
    'north/gw-1',
    'alerting-main',
    'flows-main',
    'alerting-north',
    'flows-north',
    'gateway-door-main',
    'gateway-door-north',
  ]);
  expect(config.revocationFiles.map(({ site }) => site)).toEqual(['main', 'north']);
});

it('believes tokens of the server’s key, and never holds its secret part', () => {
  const config = serverBrokerConfig(parts());
  expect(config.tokens.keys.map(({ kid }) => kid)).toEqual(['officers', 'programs']);
  expect(JSON.stringify(config)).not.toContain(key.d);
});

it('listens on loopback alone where there is no authority', () => {
  expect(parseBrokerConfig(serverBrokerConfig(parts({ authorities: [] }))).listeners).toEqual([]);
});

it('lets the gateway door announce documents, and say and hear nothing else', () => {
  const { identities } = parseBrokerConfig(serverBrokerConfig(parts()));
  const door = identities.find(({ username }) => username === 'gateway-door-main')?.principal;
  if (!door) throw new Error('no door');
  for (const topic of ['site', 'permit'])
    expect(mayPublish(door, `wp/1/main/gw-2/${topic}`, true), topic).toBe(true);
  for (const topic of ['receipt', 'cmd', 'policy', 'state'])
    expect(mayPublish(door, `wp/1/main/gw-2/${topic}`, true), topic).toBe(false);
  expect(mayPublish(door, 'wp/1/north/gw-1/site', true)).toBe(false);
  for (const filter of ['wp/1/main/+/up', 'wp/1/main/+/state', 'wp/1/main/gw-2/site'])
    expect(maySubscribe(door, filter), filter).toBe(false);
});

it('has the limits of the server file, and those of the broker where the file says nothing', () => {
  const limitsOf = (policy: object) =>
    parseBrokerConfig(
      serverBrokerConfig(parts({ policy: serverFileSchema.parse({ version: 1, policy }).policy.broker })),
    ).limits;
  expect(limitsOf({})).toEqual(brokerLimitsSchema.parse({}));
  expect(limitsOf({ broker: { telemetryPerSecond: 7, sessionExpiry: '36h' } })).toEqual(
    brokerLimitsSchema.parse({ telemetryPerSecond: 7, sessionExpiryMs: 36 * 3_600_000 }),
  );
});
