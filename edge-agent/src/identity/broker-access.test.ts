import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import {
  brokerAccessSchema,
  readCredentials,
  refusePlainCredentials,
  resolveAccess,
} from './broker-access.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchpost-access-'));
afterAll(() => rmSync(folder, { recursive: true }));
const url = 'mqtts://broker:8883';
const certified = { url, caFile: 'ca.pem', certFile: 'gateway.pem', keyFile: 'gateway.pem' };

it.each([
  ['certFile', { ...certified, certFile: undefined }],
  ['keyFile', { ...certified, keyFile: undefined }],
  ['url', { ...certified, url: 'mqtt://broker:1883' }],
  ['renewUrl', { ...certified, keyFile: 'other.pem', renewUrl: 'https://broker:8884' }],
  ['renewUrl', { url, renewUrl: 'https://broker:8884' }],
  ['renewUrl', { ...certified, renewUrl: 'http://broker:8884' }],
  ['tokenFile', { url, tokenFile: 'token', password: 'x' }],
])('refuses %s in a contradiction', (path, access) => {
  const issues = brokerAccessSchema.safeParse(access).error?.issues ?? [];
  expect(issues.map((issue) => issue.path)).toContainEqual([path]);
});

it('reads the files anew for every connection', () => {
  const access = resolveAccess(brokerAccessSchema.parse({ url, tokenFile: 'token' }), (file) =>
    join(folder, file),
  );
  expect(() => readCredentials(access)).toThrow(expect.objectContaining({ path: '/broker/tokenFile' }));
  writeFileSync(join(folder, 'token'), 'one\n', { mode: 0o600 });
  expect(readCredentials(access)).toEqual({ username: 'token', password: 'one' });
  writeFileSync(join(folder, 'token'), 'two', { mode: 0o600 });
  expect(readCredentials(access)).toEqual({ username: 'token', password: 'two' });
});

it.each([
  [{ password: 'x', username: 'gw1' }, 'mqtt://broker:1883'],
  [{ tokenFile: 'token' }, 'tcp://10.0.0.1:1883'],
])('refuses to send %j to %s in the clear, unless that is said', (secret, plain) => {
  const access = { ...secret, url: plain };
  expect(() => refusePlainCredentials(access)).toThrow(
    expect.objectContaining({ code: 'config.plain_credentials', path: '/broker/insecure' }),
  );
  expect(() => refusePlainCredentials({ ...access, insecure: true })).not.toThrow();
  for (const other of ['mqtts://broker:8883', 'mqtt://127.0.0.1:1883'])
    expect(() => refusePlainCredentials({ ...access, url: other })).not.toThrow();
});
