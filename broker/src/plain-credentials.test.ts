import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newTokenKey, publicTokenKey } from '@watchpost/identity';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { type BrokerService, startBroker } from './broker-service.ts';
import { everybody, metric } from './broker-testing.ts';
import { type BrokerOptions, parseBrokerConfig } from './config.ts';

let broker: BrokerService | undefined;
afterEach(() => broker?.stop());

const tokens = { site: 'demo', keys: [publicTokenKey(newTokenKey({ kid: 'k1' }))] };

test.each<[string, BrokerOptions, string]>([
  ['secrets on the plain port', { port: 0, host: '0.0.0.0', identities: everybody }, '/insecure'],
  ['tokens on the plain port', { port: 0, host: '::', tokens }, '/insecure'],
  [
    'secrets on a plain listener',
    { port: 0, identities: everybody, listeners: [{ type: 'tcp', host: '10.0.0.1', port: 0 }] },
    '/listeners/0/insecure',
  ],
  [
    'tokens over plain WebSockets',
    { port: 0, tokens, listeners: [{ type: 'ws', host: 'broker.example', port: 0 }] },
    '/listeners/0/insecure',
  ],
  [
    'the password of Redis',
    { port: 0, cluster: { url: 'redis://redis.example:6379', passwordFile: 'redis.password' } },
    '/cluster/insecure',
  ],
])('%s beyond this computer are refused at the start, unless it is said', (_what, options, path) => {
  const refusal = expect.objectContaining({ code: 'config.plain_credentials', path });
  expect(() => parseBrokerConfig(options)).toThrow(refusal);
  const said = JSON.parse(JSON.stringify(options)) as BrokerOptions & { listeners?: object[] };
  const place = path
    .split('/')
    .slice(1, -1)
    .reduce((at, name) => (at as Record<string, object>)[name] ?? {}, said as object);
  Object.assign(place, { insecure: true });
  expect(() => parseBrokerConfig(said)).not.toThrow();
});

test.each<[string, BrokerOptions]>([
  ['on loopback', { port: 0, identities: everybody, tokens }],
  ['a plain port without secrets', { port: 0, host: '0.0.0.0', certificates: { site: 'demo' } }],
  ['Redis with TLS', { port: 0, cluster: { url: 'rediss://redis.example', passwordFile: 'redis.password' } }],
])('%s needs no word', (_what, options) => {
  expect(() => parseBrokerConfig(options)).not.toThrow();
});

test('what was allowed stands in the log, in the metrics and in what the process says', async () => {
  const lines: string[] = [];
  const logger = pino({}, { write: (line) => lines.push(line) });
  broker = await startBroker({ port: 0, host: '0.0.0.0', insecure: true, identities: everybody, logger });
  expect(lines.join('')).toContain('secrets and tokens come in without encryption');
  expect(await metric(broker, 'watchpost_broker_insecure_listeners')).toBe(1);
  expect(broker.insecureListeners).toBe(1);
});

test('the process ends with the code and the setting', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'watchpost-plain-'));
  const config = join(folder, 'broker.json');
  await writeFile(config, JSON.stringify({ port: 0, host: '0.0.0.0', identities: everybody }));
  const { fork } = await import('node:child_process');
  const child = fork(new URL('./main.ts', import.meta.url), [config], { execArgv: [], stdio: 'ignore' });
  const message = await new Promise((resolve) => child.once('message', resolve));
  expect(message).toMatchObject({ ready: false, code: 'config.plain_credentials', path: '/insecure' });
  await rm(folder, { recursive: true });
});
