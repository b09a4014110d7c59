import { createHmac } from 'node:crypto';
import { outgoingNoticeSchema } from '@watchpost/contracts/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { testNotice } from '../../testing/test-notice.ts';
import { answers, answerWith, WebReceiver } from '../../testing/web-receiver.ts';
import { Channels } from '../channels.ts';
import { AddressRules } from '../http/address-rules.ts';
import { HttpSender } from '../http/http-sender.ts';
import { Undelivered } from '../undelivered.ts';
import { WebhookChannel } from './webhook-channel.ts';

const rules = new AddressRules(['127.0.0.0/8']);
const secrets: Record<string, string> = { key: 'a key of the receiver' };
const secret = (name: string): string => {
  const found = secrets[name];
  if (found === undefined) throw new Undelivered({ outcome: 'refused', code: 'notify.secret' });
  return found;
};
const goesOn = new AbortController().signal;

let receiver: WebReceiver;
beforeEach(async () => (receiver = await new WebReceiver().start()));
afterEach(() => receiver.stop());

const channels = (deadlineMs = 5_000) =>
  new Channels([new WebhookChannel(new HttpSender({ rules, deadlineMs }), secret)]);
const send = (deadlineMs?: number, signal = goesOn, key = 'key') =>
  channels(deadlineMs).send(testNotice(), { kind: 'webhook', url: `${receiver.url}/hook`, key }, signal);

test('a notice arrives whole, signed over time and body, with its id as idempotency key', async () => {
  const notice = testNotice({ language: 'zh-CN', title: '东侧楼梯间烟雾报警' });
  secrets.address = `${receiver.url}/hook?token=abc`;
  const address = { kind: 'webhook', url: { secret: 'address' }, key: 'key' } as const;
  expect(await channels().send(notice, address, goesOn)).toEqual({ outcome: 'sent' });
  const [{ headers, body, path } = expect.fail('nothing came')] = receiver.received;
  expect(path).toBe('/hook?token=abc');
  const { version, ...sent } = JSON.parse(body);
  expect(version).toBe(1);
  expect(outgoingNoticeSchema.parse(sent)).toEqual(notice);
  expect(headers['idempotency-key']).toBe(notice.id);
  const signed = createHmac('sha256', secrets.key ?? '').update(`${headers['watchpost-time']}.${body}`);
  expect(headers['watchpost-signature']).toBe(`sha256=${signed.digest('hex')}`);
});

test.each([
  ['says that it was busy', answerWith(429, { 'retry-after': '7' }), 'retry', 'notify.throttled', 7_000],
  [
    'asks for a year',
    answerWith(503, { 'retry-after': '31536000' }),
    'retry',
    'notify.receiver_failed',
    3_600_000,
  ],
  ['asks for nonsense', answerWith(429, { 'retry-after': 'soon' }), 'retry', 'notify.throttled', undefined],
  ['fails', answerWith(500), 'retry', 'notify.receiver_failed', undefined],
  ['takes too long itself', answerWith(408), 'retry', 'notify.timeout', undefined],
  ['knows no such address', answerWith(404), 'refused', 'notify.refused', undefined],
  ['does not believe the signature', answerWith(401), 'refused', 'notify.credentials', undefined],
  ['sends it elsewhere', answerWith(307, { location: '/other' }), 'refused', 'notify.redirected', undefined],
  ['hangs up', answers.reset, 'retry', 'notify.unreachable', undefined],
] as const)('a receiver that %s', async (_, answer, outcome, code, afterMs) => {
  receiver.answer = answer;
  const delivery = await send();
  expect(delivery).toEqual({ outcome, code, ...(afterMs === undefined ? {} : { afterMs }) });
  expect(receiver.received).toHaveLength(1);
});

test('a receiver that hangs costs no more than the deadline', async () => {
  receiver.answer = answers.hang;
  expect(await send(100)).toEqual({ outcome: 'retry', code: 'notify.timeout' });
});

test('a receiver that answers for ever is told, and hung up on', async () => {
  receiver.answer = answers.endless;
  expect(await send()).toEqual({ outcome: 'sent' });
  await vi.waitFor(() => expect(receiver.closed).toBe(1));
});

test('the end of the service interrupts a try', async () => {
  receiver.answer = answers.hang;
  const ends = new AbortController();
  const sending = send(undefined, ends.signal);
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1));
  ends.abort();
  expect(await sending).toEqual({ outcome: 'retry', code: 'notify.interrupted' });
});

test('nothing is sent without its key, or where nobody listens', async () => {
  expect(await send(undefined, goesOn, 'lost')).toEqual({ outcome: 'refused', code: 'notify.secret' });
  expect(receiver.received).toHaveLength(0);
  const address = { kind: 'webhook', url: 'http://127.0.0.1:1/', key: 'key' } as const;
  expect(await channels().send(testNotice(), address, goesOn)).toEqual({
    ...{ outcome: 'retry', code: 'notify.unreachable' },
  });
});

test('a channel that the server does not have is refused', async () => {
  const address = { kind: 'webhook', url: receiver.url, key: 'key' } as const;
  const delivery = await new Channels([]).send(testNotice(), address, goesOn);
  expect(delivery).toEqual({ outcome: 'refused', code: 'notify.channel_unknown' });
});
