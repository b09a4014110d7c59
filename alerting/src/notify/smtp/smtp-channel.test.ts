import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeWebRoot, renewWebCertificate, webFolder } from '@watchpost/identity/web';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MailServer } from '../../testing/mail-server.ts';
import { testNotice } from '../../testing/test-notice.ts';
import { testSecrets } from '../../testing/test-secrets.ts';
import { type MailSettings, SmtpChannel } from './smtp-channel.ts';

const goesOn = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'mail-'));
const files = webFolder(folder);
let tls: { key: string; cert: string };
let server: MailServer;

beforeAll(async () => {
  const names = ['localhost'];
  await makeWebRoot(folder, names, Date.now());
  await renewWebCertificate(folder, names, Date.now());
  const pem = readFileSync(files.server, 'utf8');
  tls = { key: pem, cert: pem };
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => server.stop());

const send = (settings: Partial<MailSettings> = {}, notice = testNotice()) => {
  const mail = {
    host: 'localhost',
    port: server.port,
    security: 'none',
    from: 'alarm@watch.example',
  } as const;
  const secret = testSecrets({ password: 'mail password' });
  return new SmtpChannel({ ...mail, ...settings }, secret).send(
    notice,
    { kind: 'smtp', to: 'officer@watch.example' },
    goesOn,
  );
};

test('a repeat has the same Message-ID, mails of one subject are one conversation, nothing says by what or where they were made', async () => {
  server = await new MailServer({ authOptional: true }).start();
  const notice = testNotice({
    language: 'zh-CN',
    title: '东侧楼梯间\r\nBcc: all@watch.example',
    body: '烟雾传感器',
  });
  const later = testNotice({ subject: notice.subject, severity: 'low', seq: 2 });
  for (const one of [notice, notice, later]) expect(await send({}, one)).toEqual({ outcome: 'sent' });
  const [first, second, third] = server.mails;
  expect(first?.headers.get('message-id')).toBe(`<${notice.id}@watch.example>`);
  expect(second?.headers.get('message-id')).toBe(first?.headers.get('message-id'));
  expect(third?.headers.get('references')).toBe(first?.headers.get('references'));
  expect(first?.headers.get('subject')).toBe('【紧急】新告警：东侧楼梯间 Bcc: all@watch.example');
  expect(first?.headers.get('auto-submitted')).toBe('auto-generated');
  expect(first?.headers.get('x-priority')).toContain('1');
  expect(first?.headers.has('bcc') || first?.headers.has('x-mailer')).toBe(false);
  expect(first).toMatchObject({ from: 'alarm@watch.example', to: ['officer@watch.example'] });
  expect(first?.text).toBe('烟雾传感器\r\n\r\nhttps://watch.example/alerts/7\r\n');
});

test('somebody whom the mail server does not know is refused', async () => {
  server = await new MailServer({ authOptional: true }).start();
  server.behaviour = 'knows nobody';
  expect(await send()).toEqual({ outcome: 'refused', code: 'notify.refused' });
});

describe('TLS', () => {
  const login = { user: 'watchpost', password: { secret: 'password' } };

  test('STARTTLS comes before the password', async () => {
    server = await new MailServer({ ...tls, allowInsecureAuth: false }).start();
    expect(await send({ ...login, security: 'starttls', authorityFile: files.root })).toEqual({
      outcome: 'sent',
    });
    expect(server.mails[0]?.isEncrypted).toBe(true);
  });

  test('TLS from the beginning', async () => {
    server = await new MailServer({ ...tls, secure: true }).start();
    expect(await send({ ...login, security: 'tls', authorityFile: files.root })).toEqual({ outcome: 'sent' });
    expect(server.mails[0]?.isEncrypted).toBe(true);
  });

  test('a server without STARTTLS gets neither mail nor password', async () => {
    server = await new MailServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] }).start();
    expect(await send({ ...login, security: 'starttls' })).toEqual({
      ...{ outcome: 'refused', code: 'notify.certificate' },
    });
    expect(server.mails).toEqual([]);
  });

  test.each(['starttls', 'tls'] as const)('an unknown authority is refused (%s)', async (security) => {
    server = await new MailServer({ ...tls, secure: security === 'tls' }).start();
    expect(await send({ ...login, security })).toEqual({ outcome: 'refused', code: 'notify.certificate' });
    writeFileSync(join(folder, 'broken.pem'), 'no certificate');
    const authorityFile = join(folder, 'broken.pem');
    expect((await send({ ...login, security, authorityFile })).outcome).toBe('refused');
    expect(server.mails).toEqual([]);
  });
});
