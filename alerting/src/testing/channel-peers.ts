import type { ChannelAddress } from '@watchpost/contracts/api';
import { BrokerWithHabits } from '@watchpost/service/testing/broker-with-habits';
import { pino } from 'pino';
import { expect, vi } from 'vitest';
import { BrokerLink } from '../ingest/broker-link.ts';
import { CapChannel } from '../notify/cap/cap-channel.ts';
import type { Channel } from '../notify/channel.ts';
import { dingtalkDialect } from '../notify/dingtalk/dingtalk-dialect.ts';
import { feishuDialect } from '../notify/feishu/feishu-dialect.ts';
import { AddressRules } from '../notify/http/address-rules.ts';
import { HttpSender } from '../notify/http/http-sender.ts';
import { MqttChannel } from '../notify/mqtt/mqtt-channel.ts';
import { NtfyChannel } from '../notify/ntfy/ntfy-channel.ts';
import { RobotChannel } from '../notify/robots/robot-channel.ts';
import { SmtpChannel } from '../notify/smtp/smtp-channel.ts';
import { WebhookChannel } from '../notify/webhook/webhook-channel.ts';
import { wecomDialect } from '../notify/wecom/wecom-dialect.ts';
import { type FakeRobot, fakeDingtalk, fakeFeishu, fakeWecom } from './fake-robot.ts';
import { MailServer } from './mail-server.ts';
import { testSecrets } from './test-secrets.ts';
import { type Answer, answers, answerWith, WebReceiver } from './web-receiver.ts';

/** What a receiver does. `throttles`: asks for a pause; `distrusts`: refuses key, password or signature. */
export type Behaviour = 'takes' | 'hangs' | 'hangs up' | 'fails' | 'throttles' | 'distrusts';

/** A channel with a receiver at its other end. */
export interface ChannelPeer {
  readonly channel: Channel;
  readonly address: ChannelAddress;
  /** Secrets that the channel uses. */
  readonly secrets: Record<string, string>;
  /** What such a receiver cannot do. */
  readonly lacks?: readonly Behaviour[];
  behave(behaviour: Behaviour): void;
  /** Requests or connections that reached it. */
  tries(): number;
  /** What came through, as text. */
  told(): readonly string[];
  stop(): Promise<void>;
}

/** Starts one. */
export type StartPeer = (deadlineMs: number) => Promise<ChannelPeer>;

const http = (deadlineMs: number) => new HttpSender({ rules: new AddressRules(['127.0.0.0/8']), deadlineMs });

const common: Partial<Record<Behaviour, Answer>> = {
  hangs: answers.hang,
  'hangs up': answers.reset,
  fails: answerWith(500),
};

async function webPeer(
  make: (receiver: WebReceiver) => Omit<ChannelPeer, 'behave' | 'tries' | 'stop' | 'told'> & {
    readonly told?: ChannelPeer['told'];
    readonly behaviours: Readonly<Partial<Record<Behaviour, Answer>>>;
  },
): Promise<ChannelPeer> {
  const receiver = await new WebReceiver().start();
  const { behaviours, ...peer } = make(receiver);
  const known: Partial<Record<Behaviour, Answer>> = { ...common, ...behaviours };
  receiver.answer = known.takes ?? answers.ok;
  return {
    told: () => receiver.received.map(({ body }) => body),
    ...peer,
    behave: (behaviour) => (receiver.answer = known[behaviour] ?? answers.ok),
    tries: () => receiver.received.length,
    stop: () => receiver.stop(),
  };
}

const webhook: StartPeer = (deadlineMs) =>
  webPeer(({ url }) => {
    const secrets = { 'hook.key': 'key of the hook' };
    return {
      channel: new WebhookChannel(http(deadlineMs), testSecrets(secrets)),
      address: { kind: 'webhook', url: `${url}/hook`, key: 'hook.key' },
      secrets,
      behaviours: { throttles: answerWith(429, { 'retry-after': '3' }), distrusts: answerWith(401) },
    };
  });

const cap: StartPeer = (deadlineMs) =>
  webPeer(({ url }) => {
    const secrets = { 'cap.key': 'key of the warning system', 'cap.url': `${url}/cap/k8s2` };
    return {
      channel: new CapChannel(http(deadlineMs), testSecrets(secrets)),
      address: {
        ...({ kind: 'cap', url: { secret: 'cap.url' }, key: 'cap.key', category: 'Fire' } as const),
        ...{ sender: 'alarm@watch.example', area: { description: 'North yard' } },
      },
      secrets,
      behaviours: { throttles: answerWith(429, { 'retry-after': '3' }), distrusts: answerWith(401) },
    };
  });

const ntfy: StartPeer = (deadlineMs) =>
  webPeer(({ url }) => {
    const secrets = { 'ntfy.token': 'tk_secret' };
    return {
      channel: new NtfyChannel(http(deadlineMs), testSecrets(secrets)),
      address: { kind: 'ntfy', server: url, topic: 'fire-post', token: 'ntfy.token' },
      secrets,
      behaviours: {
        takes: answerWith(200, {}, { id: 'sPs71M8A2T', event: 'message' }),
        throttles: answerWith(429, {}, { code: 42_901, http: 429, error: 'limit reached' }),
        distrusts: answerWith(403, {}, { code: 40_301, http: 403, error: 'forbidden' }),
      },
    };
  });

const key = 'SECkey of the robot';

const robotPeer = (
  make: (http: HttpSender, secrets: Record<string, string>) => Pick<ChannelPeer, 'channel' | 'address'>,
  path: string,
  robot: FakeRobot,
  signs: boolean,
  says: Readonly<Partial<Record<Behaviour, Record<string, unknown>>>>,
): StartPeer =>
  function start(deadlineMs) {
    return webPeer(({ url }) => {
      robot.texts.length = 0;
      const secrets = { robot: `${url}${path}`, ...(signs ? { sign: key } : {}) };
      return {
        ...make(http(deadlineMs), secrets),
        secrets,
        told: () => robot.texts,
        behaviours: {
          takes: robot.answer,
          ...Object.fromEntries(
            Object.entries(says).map(([behaviour, body]) => [behaviour, answerWith(200, {}, body)]),
          ),
        },
      };
    });
  };

const smtp: StartPeer = async (deadlineMs) => {
  const server = await new MailServer().start();
  const secrets = { 'mail.password': 'mail password' };
  const settings = {
    ...({ host: '127.0.0.1', port: server.port, security: 'none' } as const),
    ...{ from: 'alarm@watch.example', user: 'watchpost', password: { secret: 'mail.password' } },
  };
  return {
    channel: new SmtpChannel(settings, testSecrets(secrets), deadlineMs),
    address: { kind: 'smtp', to: 'officer@watch.example' },
    secrets,
    behave: (behaviour) => (server.behaviour = behaviour),
    tries: () => server.connections,
    told: () => server.mails.map(({ headers, text }) => `${headers.get('subject')}\n${text}`),
    stop: () => server.stop(),
  };
};

const mqtt: StartPeer = async (deadlineMs) => {
  const broker = new BrokerWithHabits();
  await broker.start();
  const link = new BrokerLink({
    ...{ url: broker.url, clientId: 'alerting-north', filters: ['wp/1/north/+/up'] },
    take: async () => undefined,
    ...{ connected: () => undefined, lost: () => undefined },
    logger: pino({ level: 'silent' }),
  });
  link.start();
  await vi.waitFor(() => expect(link.isConnected).toBe(true), { timeout: 10_000, interval: 5 });
  return {
    channel: new MqttChannel(
      (site) => (site === 'north' ? (...message) => link.publish(...message) : undefined),
      deadlineMs,
    ),
    address: { kind: 'mqtt', receiver: 'siren-east' },
    secrets: {},
    lacks: ['hangs up', 'fails', 'throttles', 'distrusts'],
    behave: (behaviour) => (broker.habits.puback = behaviour !== 'hangs'),
    tries: () => broker.publications.length,
    told: () => broker.publications.map(({ payload }) => payload),
    stop: async () => {
      await link.stop();
      await broker.stop();
    },
  };
};

/** Every channel, by what it is called in the tests. */
export const channelPeers: Readonly<Record<string, StartPeer>> = {
  webhook,
  cap,
  smtp,
  mqtt,
  ntfy,
  wecom: robotPeer(
    (sender, secrets) => ({
      channel: new RobotChannel(wecomDialect, sender, testSecrets(secrets)),
      address: { kind: 'wecom', robot: 'robot' },
    }),
    '/cgi-bin/webhook/send?key=693a91f6',
    fakeWecom('693a91f6'),
    false,
    {
      fails: { errcode: -1, errmsg: 'system busy' },
      throttles: { errcode: 45_009, errmsg: 'api freq out of limit' },
      distrusts: { errcode: 93_000, errmsg: 'invalid webhook url' },
    },
  ),
  dingtalk: robotPeer(
    (sender, secrets) => ({
      channel: new RobotChannel(dingtalkDialect, sender, testSecrets(secrets)),
      address: { kind: 'dingtalk', robot: 'robot', key: 'sign' },
    }),
    '/robot/send?access_token=ff6cd723',
    fakeDingtalk('ff6cd723', key),
    true,
    {
      fails: { errcode: -1, errmsg: '系统繁忙' },
      throttles: { errcode: 130_101, errmsg: 'send too fast, exceed 20 times per minute' },
      distrusts: { errcode: 310_000, errmsg: 'sign not match' },
    },
  ),
  feishu: robotPeer(
    (sender, secrets) => ({
      channel: new RobotChannel(feishuDialect, sender, testSecrets(secrets)),
      address: { kind: 'feishu', robot: 'robot', key: 'sign' },
    }),
    '/open-apis/bot/v2/hook/a1b2c3',
    fakeFeishu(key),
    true,
    {
      throttles: { code: 11_232, msg: 'frequency limited' },
      distrusts: {
        code: 19_021,
        msg: 'sign match fail or timestamp is not within one hour from current time',
      },
    },
  ),
};
