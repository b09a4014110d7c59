import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChannelAddress, sentNoticeSchema } from '@watchpost/contracts/api';
import { noticeTopic } from '@watchpost/contracts/wire';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type AlertingService, startAlerting } from '../index.ts';
import { MailServer } from '../testing/mail-server.ts';
import { Listener, TestBroker } from '../testing/test-broker.ts';
import { smokeAlarm, wireEvent } from '../testing/test-events.ts';
import { testSite } from '../testing/test-site.ts';
import { WebReceiver } from '../testing/web-receiver.ts';

const account = { user: 'demo', password: 'demo-password' };
const folder = mkdtempSync(join(tmpdir(), 'told-'));
const secretsFolder = mkdtempSync(join(tmpdir(), 'told-secrets-'));
const broker = new TestBroker();
let hook: WebReceiver;
let mail: MailServer;
let service: AlertingService;

beforeAll(async () => {
  await broker.start();
  hook = await new WebReceiver().start();
  mail = await new MailServer({ authOptional: true }).start();
  writeFileSync(join(secretsFolder, 'notify-hook'), 'key', { mode: 0o600 });
  service = await startAlerting({
    sites: [{ site: testSite }],
    store: { kind: 'embedded', folder },
    broker: { url: broker.url },
    http: { host: '127.0.0.1', port: 0 },
    accounts: [{ ...account, role: 'admin' }],
    channels: {
      ...{ secretsFolder, allowNetworks: ['127.0.0.1'] },
      mail: { host: '127.0.0.1', port: mail.port, security: 'none', from: 'alarm@watch.example' },
    },
  });
});
afterAll(async () => {
  await service.stop();
  await Promise.all([broker.stop(), hook.stop(), mail.stop()]);
  for (const path of [folder, secretsFolder]) rmSync(path, { recursive: true, force: true });
});

async function post(path: string, body: unknown, cookie = ''): Promise<Response> {
  const headers = { 'content-type': 'application/json', cookie };
  return fetch(`${service.address}/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

test('an alert is told by webhook, mail and MQTT, each in the language of its receiver', async () => {
  const session = await post('session', account);
  const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const receive = async (language: string, address: ChannelAddress) => {
    const body = { id: randomUUID(), name: address.kind, language, severities: ['critical'], address };
    const answer = await post('receivers?site=test', body, cookie);
    expect(answer.ok, await answer.text()).toBe(true);
  };
  await receive('en', { kind: 'webhook', url: hook.url, key: 'notify-hook' });
  await receive('zh-CN', { kind: 'smtp', to: 'officer@watch.example' });
  await receive('en', { kind: 'mqtt', receiver: 'siren' });

  const listener = new Listener(broker.url, [noticeTopic('test'), 'wp/1/test/edge1/receipt']);
  const event = JSON.stringify(wireEvent(smokeAlarm({ seq: 1 })));
  const send = () => listener.client.publish('wp/1/test/edge1/up', event, { qos: 1 });
  const again = setInterval(send, 500);
  const heard = await listener.until(({ topic, payload }) =>
    topic === noticeTopic('test') ? sentNoticeSchema.parse(JSON.parse(payload)) : undefined,
  );
  clearInterval(again);
  expect(heard).toMatchObject({ receiver: 'siren', kind: 'opened', severity: 'critical', language: 'en' });
  await vi.waitFor(() => expect([hook.received.length, mail.mails.length]).toEqual([1, 1]), {
    timeout: 20_000,
  });
  const told = sentNoticeSchema.parse(JSON.parse(hook.received[0]?.body ?? ''));
  expect(told).toMatchObject({ subject: heard.subject, title: heard.title });
  expect(told.id).not.toBe(heard.id);
  expect(mail.mails[0]).toMatchObject({ to: ['officer@watch.example'] });
  expect(mail.mails[0]?.headers.get('subject')).toMatch(/^【紧急】新告警：.*\p{Script=Han}/u);
  await listener.stop();
});
