import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fakeDingtalk, fakeFeishu, fakeWecom } from '../../testing/fake-robot.ts';
import { testNotice } from '../../testing/test-notice.ts';
import { testSecrets } from '../../testing/test-secrets.ts';
import { answerWith, WebReceiver } from '../../testing/web-receiver.ts';
import { dingtalkDialect } from '../dingtalk/dingtalk-dialect.ts';
import { feishuDialect } from '../feishu/feishu-dialect.ts';
import { AddressRules } from '../http/address-rules.ts';
import { HttpSender } from '../http/http-sender.ts';
import { wecomDialect } from '../wecom/wecom-dialect.ts';
import { RobotChannel, type RobotDialect, type RobotKind } from './robot-channel.ts';

const goesOn = new AbortController().signal;
const http = new HttpSender({ rules: new AddressRules(['127.0.0.0/8']) });
const secrets: Record<string, string> = { key: 'SECabc' };

let receiver: WebReceiver;
beforeEach(async () => {
  receiver = await new WebReceiver().start();
  secrets.wecom = `${receiver.url}/cgi-bin/webhook/send?key=693a`;
  secrets.dingtalk = `${receiver.url}/robot/send?access_token=ff6c`;
  secrets.feishu = `${receiver.url}/open-apis/bot/v2/hook/a1b2`;
});
afterEach(() => receiver.stop());

const sender = (dialect: RobotDialect, nowMs = Date.now) =>
  new RobotChannel(dialect, http, testSecrets(secrets), nowMs);
const addressOf = (kind: RobotKind) =>
  kind === 'wecom' ? ({ kind, robot: kind } as const) : ({ kind, robot: kind, key: 'key' } as const);
const send = (dialect: RobotDialect, severity: 'low' | 'critical' = 'critical', nowMs = Date.now) =>
  sender(dialect, nowMs).send(testNotice({ severity }), addressOf(dialect.kind), goesOn);

describe('what the makers document', () => {
  test.each([
    [wecomDialect, { errcode: 0, errmsg: 'ok' }, { outcome: 'sent' }],
    [wecomDialect, { errcode: 45_002 }, { outcome: 'refused', code: 'notify.refused' }],
    [wecomDialect, { errcode: 45_033 }, { outcome: 'retry', code: 'notify.throttled', afterMs: 60_000 }],
    [dingtalkDialect, { errcode: 130_101 }, { outcome: 'retry', code: 'notify.throttled', afterMs: 600_000 }],
    [dingtalkDialect, { errcode: 300_001 }, { outcome: 'refused', code: 'notify.credentials' }],
    [dingtalkDialect, { errcode: 430_101 }, { outcome: 'refused', code: 'notify.refused' }],
    [feishuDialect, { code: 0, StatusCode: 0 }, { outcome: 'sent' }],
    [feishuDialect, { code: 9_499 }, { outcome: 'refused', code: 'notify.refused' }],
    [feishuDialect, { code: 19_024 }, { outcome: 'refused', code: 'notify.refused' }],
    [feishuDialect, { code: 19_022 }, { outcome: 'refused', code: 'notify.credentials' }],
    [feishuDialect, 'not JSON', { outcome: 'retry', code: 'notify.answer_unreadable' }],
    [feishuDialect, {}, { outcome: 'retry', code: 'notify.answer_unreadable' }],
  ] as const)('%o answers 200 with %o', async (dialect, body, delivery) => {
    receiver.answer = answerWith(200, {}, body);
    expect(await send(dialect)).toEqual(delivery);
  });

  test('an answer without end is no answer', async () => {
    receiver.answer = answerWith(200, {}, `{"errcode":0,"errmsg":"${'o'.repeat(100_000)}k"}`);
    expect(await send(wecomDialect)).toEqual({ outcome: 'retry', code: 'notify.answer_unreadable' });
  });

  test('DingTalk sends who went on too long elsewhere; that is a pause and no other address', async () => {
    receiver.answer = answerWith(302, { location: 'https://www.dingtalk.com/' });
    expect(await send(dingtalkDialect)).toEqual({
      ...{ outcome: 'retry', code: 'notify.throttled', afterMs: 600_000 },
    });
  });

  test('Feishu’s gateway says so with a status and its own header', async () => {
    receiver.answer = answerWith(429, { 'retry-after': '9' }, { code: 99_991_400, msg: 'limit' });
    expect(await send(feishuDialect)).toMatchObject({ outcome: 'retry', afterMs: 9_000 });
  });
});

describe('signatures', () => {
  test('a clock that is an hour off is said as a wrong secret or clock', async () => {
    const anHourAgo = () => Date.now() - 3_700_000;
    receiver.answer = fakeDingtalk('ff6c', 'SECabc').answer;
    expect(await send(dingtalkDialect, 'critical', anHourAgo)).toMatchObject({ code: 'notify.credentials' });
    receiver.answer = fakeFeishu('SECabc').answer;
    expect(await send(feishuDialect, 'critical', anHourAgo)).toMatchObject({ code: 'notify.credentials' });
  });
});

describe('how many they take', () => {
  test('WeCom gets 20 a minute, of which the last five are for what is critical', async () => {
    const robot = fakeWecom('693a');
    receiver.answer = robot.answer;
    const channel = sender(wecomDialect);
    const outcomes: string[] = [];
    for (const severity of [...Array(17).fill('low'), ...Array(6).fill('critical')] as (
      | 'low'
      | 'critical'
    )[]) {
      const { outcome } = await channel.send(testNotice({ severity }), addressOf('wecom'), goesOn);
      outcomes.push(outcome);
    }
    const sent = (from: number, to: number) =>
      outcomes.slice(from, to).filter((one) => one === 'sent').length;
    expect([sent(0, 15), sent(15, 17), sent(17, 22), sent(22, 23)]).toEqual([15, 0, 5, 0]);
    expect(robot.texts).toHaveLength(20);
    expect(receiver.received).toHaveLength(20);
  });
});
