import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestAuthority } from '../testing/test-authority.ts';
import { CertificateWatch } from './certificate-watch.ts';
import { claimGateway, renewGateway } from './claim-gateway.ts';
import { readIdentity } from './identity-file.ts';

const hour = 3_600_000;
let authority: TestAuthority;
let folder: string;
let file: string;
let watch: CertificateWatch;
let aheadMs: number;
let livedMs: number;
let changed: number;
let said: string[];

beforeEach(async () => {
  authority = await TestAuthority.create();
  authority.lifeMs = 24 * hour;
  await authority.start();
  folder = mkdtempSync(join(tmpdir(), 'watchpost-watch-'));
  file = (await claimGateway(authority.codeFor('gw1'), authority.url, folder)).files.gateway;
  aheadMs = 0;
  livedMs = 0;
  changed = 0;
  said = [];
});
afterEach(async () => {
  watch.stop();
  await authority.stop();
  rmSync(folder, { recursive: true });
});

function start(renew?: () => Promise<unknown>): void {
  watch = new CertificateWatch({
    certFile: file,
    keyFile: file,
    ...(renew ? { renew } : {}),
    lookEveryMs: 20,
    log: pino({ level: 'silent' }),
    now: () => Date.now() + aheadMs,
    monotonicMs: () => performance.now() + livedMs,
    random: () => 0.5,
    onChanged: () => {
      changed++;
    },
    onHealth: () => said.push(watch.health.status),
  });
  watch.start();
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

it('renews when it is due, and tells the connection', async () => {
  const before = readIdentity(file).serial;
  aheadMs = 16 * hour;
  start(() => renewGateway({ ca: join(folder, 'ca.pem'), gateway: file }, authority.url));
  await until(() => changed === 1);
  expect(readIdentity(file).serial).not.toBe(before);
  expect(authority.asked.filter(({ path }) => path === '/renew')).toHaveLength(1);
});

it('does not renew before', async () => {
  let asked = 0;
  aheadMs = 15 * hour;
  start(async () => asked++);
  expect(watch.health.status).toBe('ok');
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(asked).toBe(0);
});

it('says that renewal fails, tries again later, and is well again after a success', async () => {
  let attempts = 0;
  aheadMs = 17 * hour;
  const renewing = async () => {
    attempts++;
    if (attempts === 1) throw new WatchpostError('identity.renewal_refused');
    await renewGateway({ ca: join(folder, 'ca.pem'), gateway: file }, authority.url);
  };
  start(renewing);
  await until(() => said.includes('renewal_fails'));
  expect(watch.health).toMatchObject({ status: 'renewal_fails', error: 'identity.renewal_refused' });
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect({ attempts, changed }).toEqual({ attempts: 1, changed: 0 });
  // The clock is set back by an hour: the pause is no longer for it.
  aheadMs -= hour;
  livedMs += 2 * 60_000;
  await until(() => changed === 1);
  expect(watch.health.status).toBe('ok');
  expect(said).toEqual(['renewal_fails', 'ok']);
});

it('takes a certificate that somebody else put there', async () => {
  aheadMs = 23 * hour;
  start();
  expect(watch.health.status).toBe('expires_soon');
  authority.lifeMs = 90 * 24 * hour;
  await renewGateway({ ca: join(folder, 'ca.pem'), gateway: file }, authority.url);
  await until(() => changed === 1);
  expect(watch.health.status).toBe('ok');
});

it('goes on with what it knows when the file is broken, and says when the certificate has expired', async () => {
  start();
  writeFileSync(file, 'broken');
  aheadMs = 24 * hour;
  await until(() => said.includes('expired'));
  expect(changed).toBe(0);
});

it('cannot be made without a certificate', () => {
  start();
  writeFileSync(file, 'broken');
  expect(() => start()).toThrow(
    expect.objectContaining({ code: 'config.invalid', path: '/broker/certFile' }),
  );
});
