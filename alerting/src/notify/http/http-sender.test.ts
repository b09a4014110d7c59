import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeWebRoot, renewWebCertificate, webFolder } from '@watchpost/identity/web';
import { expect, test } from 'vitest';
import { notifyPolicy } from '../policy.ts';
import { AddressRules } from './address-rules.ts';
import { HttpSender } from './http-sender.ts';
import { retryAfterMs } from './retry-after.ts';

const goesOn = new AbortController().signal;

test('a certificate that nobody vouches for gets no notice, whatever the policy allows', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'https-'));
  await makeWebRoot(folder, ['hook.example'], Date.now());
  await renewWebCertificate(folder, ['hook.example'], Date.now());
  const pem = readFileSync(webFolder(folder).server);
  let asked = 0;
  const server = createServer({ key: pem, cert: pem }, (_, response) => {
    asked++;
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sender = new HttpSender({
    rules: new AddressRules(['127.0.0.0/8']),
    resolve: (_, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  const url = `https://hook.example:${(server.address() as AddressInfo).port}/`;
  await expect(sender.post({ url, headers: {}, body: 'a', readsAnswer: true }, goesOn)).rejects.toMatchObject(
    {
      delivery: { outcome: 'refused', code: 'notify.certificate' },
    },
  );
  expect(asked).toBe(0);
  server.close();
  rmSync(folder, { recursive: true });
});

test('a name that does not resolve is tried again', async () => {
  const sender = new HttpSender({
    rules: new AddressRules(),
    resolve: (_, done) => done(Object.assign(new Error('none'), { code: 'ENOTFOUND' }), []),
  });
  const message = { url: 'https://nowhere.example/', headers: {}, body: '', readsAnswer: false };
  await expect(sender.post(message, goesOn)).rejects.toMatchObject({
    delivery: { outcome: 'retry', code: 'notify.unreachable' },
  });
});

test('Retry-After is seconds or a date, and never longer than the policy says', () => {
  const nowMs = Date.parse('2026-11-01T08:00:00Z');
  expect(retryAfterMs('120', nowMs)).toBe(120_000);
  expect(retryAfterMs('Sun, 01 Nov 2026 08:02:00 GMT', nowMs)).toBe(120_000);
  expect(retryAfterMs('Sun, 01 Nov 2020 08:02:00 GMT', nowMs)).toBe(0);
  expect(retryAfterMs('999999999', nowMs)).toBe(notifyPolicy.pauseAtMostMs);
  for (const nonsense of [undefined, '', '-5', 'soon', '1e99'])
    expect(retryAfterMs(nonsense, nowMs)).toBeUndefined();
});
