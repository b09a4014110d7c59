import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '@watchpost/identity/authority';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { serverPaths } from '../server/server-paths.ts';
import { OwnCertificates } from './own-certificates.ts';

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'own-certificates-'));
  await createAuthority(join(folder, 'authorities', 'main'), 'main', Date.now());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const dayMs = 86_400_000;
const read = (path: string) => new X509Certificate(readFileSync(join(folder, path)));
async function start(names: readonly string[], nowMs = Date.now(), web = true) {
  const onGateways = vi.fn();
  const paths = serverPaths(folder, { dataFolder: 'data' });
  const around = { logger: pino({ level: 'silent' }), nowMs: () => nowMs, onGateways };
  const certificates = new OwnCertificates({ paths, names, web, sites: ['main'], ...around });
  await certificates.start();
  certificates.stop();
  return onGateways.mock.calls.length;
}

it('makes both once, and again before they end', async () => {
  expect(await start(['watch.example'])).toBe(1);
  const [web, gateways] = [read('web/server.pem'), read('authorities/main/server.pem')];
  expect(web.checkHost('watch.example')).toBe('watch.example');
  expect(gateways.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(await start(['watch.example'], Date.now() + 300 * dayMs)).toBe(0);
  expect(read('web/server.pem').serialNumber).toBe(web.serialNumber);
  expect(await start(['watch.example'], Date.now() + 350 * dayMs)).toBe(1);
  expect(read('web/server.pem').serialNumber).not.toBe(web.serialNumber);
  expect(read('authorities/main/server.pem').serialNumber).not.toBe(gateways.serialNumber);
});

it('a new name of the server is in the certificate for gateways at once', async () => {
  await start(['watch.example'], Date.now(), false);
  expect(await start(['watch.example', '192.168.1.10'], Date.now(), false)).toBe(1);
  expect(read('authorities/main/server.pem').checkIP('192.168.1.10')).toBe('192.168.1.10');
});

it('names that the root does not cover stop no server that has a certificate', async () => {
  await start(['watch.example']);
  const before = read('web/server.pem').serialNumber;
  await start(['other.example']);
  expect(read('web/server.pem').serialNumber).toBe(before);
});
