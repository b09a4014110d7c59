import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { MailServer } from '../testing/mail-server.ts';
import { testNotice } from '../testing/test-notice.ts';
import { WebReceiver } from '../testing/web-receiver.ts';
import { openChannels } from './open-channels.ts';

const secretsFolder = mkdtempSync(join(tmpdir(), 'channels-'));
writeFileSync(join(secretsFolder, 'hook.key'), 'key', { mode: 0o600 });
afterAll(() => rmSync(secretsFolder, { recursive: true }));
const noLink = () => undefined;
const goesOn = new AbortController().signal;

test('private networks are closed until the server file allows them', async () => {
  const receiver = await new WebReceiver().start();
  const address = { kind: 'webhook', url: receiver.url, key: 'hook.key' } as const;
  expect(await openChannels({ secretsFolder }, noLink).send(testNotice(), address, goesOn)).toEqual({
    ...{ outcome: 'refused', code: 'notify.address_refused' },
  });
  const open = openChannels({ secretsFolder, allowNetworks: ['127.0.0.1'] }, noLink);
  expect(await open.send(testNotice(), address, goesOn)).toEqual({ outcome: 'sent' });
  expect(receiver.received).toHaveLength(1);
  await receiver.stop();
});

test('mails go where the server file has a mail server', async () => {
  const server = await new MailServer({ authOptional: true }).start();
  const address = { kind: 'smtp', to: 'officer@watch.example' } as const;
  expect(await openChannels({ secretsFolder }, noLink).send(testNotice(), address, goesOn)).toEqual({
    ...{ outcome: 'refused', code: 'notify.channel_unknown' },
  });
  const mail = { host: '127.0.0.1', port: server.port, security: 'none', from: 'a@watch.example' } as const;
  expect(await openChannels({ secretsFolder, mail }, noLink).send(testNotice(), address, goesOn)).toEqual({
    outcome: 'sent',
  });
  await server.stop();
});
