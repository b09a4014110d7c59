import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestSite } from '@watchpost/identity/testing/test-site';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { startBroker } from '../src/broker-service.ts';
import { Peer } from '../src/conformance/peer.ts';
import { clusterPerTest } from './cluster-testing.ts';

const { begin, config, folder, logged, node, redisWith } = clusterPerTest();

test('the password comes from a file that only its owner can read, and shows in no log and no error', async () => {
  const password = 'very-secret-words';
  const redis = await redisWith('--requirepass', password);
  const passwordFile = join(folder(), 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  const cluster = { url: `redis://127.0.0.1:${redis.port}`, passwordFile };
  const broker = await node({ cluster });
  expect((await Peer.connect(broker, 'c')).connack.returnCode).toBe(0);
  expect(logged()).not.toContain(password);
  await chmod(passwordFile, 0o644);
  await expect(startBroker(config({ cluster }))).rejects.toMatchObject({
    code: 'config.invalid',
    path: '/cluster/passwordFile',
  });
  const inUrl = { url: `redis://:${password}@127.0.0.1:${redis.port}` };
  const failed = await startBroker(config({ cluster: inUrl })).catch((error: Error) => error);
  expect(failed).toMatchObject({ code: 'config.invalid', path: '/cluster/url' });
  expect(JSON.stringify(failed)).not.toContain(password);
});

test('Redis over TLS: trusted with its authority, and not without', async () => {
  const site = await TestSite.create();
  const caFile = join(folder(), 'ca.pem');
  await writeFile(caFile, site.ca);
  const redis = await redisWith(
    ...['--tls-cert-file', site.tls.certFile, '--tls-key-file', site.tls.keyFile],
    ...['--tls-ca-cert-file', caFile, '--tls-auth-clients', 'no', '--port', '0', '--tls-port', 'PORT'],
  );
  const url = `rediss://127.0.0.1:${redis.port}`;
  const trusted = await node({ cluster: { url, caFile: caFile } });
  expect((await Peer.connect(trusted, 'c')).connack.returnCode).toBe(0);
  const logger = pino({ level: 'silent' });
  const doubtful = await begin({ logger, cluster: { url } });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await Peer.connect(doubtful, 'd')).connack.returnCode).toBe(3);
  await site.remove();
});
