import type { Socket } from 'node:net';
import {
  alertTopic,
  gatewayTopic,
  mayPublish,
  maySubscribe,
  type Principal,
  type TopicName,
  topicTable,
} from '@watchpost/contracts/wire';
import mqtt, { type MqttClient } from 'mqtt';
import { alerting, gateway1, gateway2, integrator } from '../broker-testing.ts';

/** A broker with the users of {@link contractUsers} and `observer`, who may do everything. */
export interface RulesTarget {
  connect(username: string): Promise<MqttClient>;
}

/** How a user, whose password is its name, reaches the broker on a port of this computer. */
export const connectTo =
  (port: number) =>
  async (username: string): Promise<MqttClient> => {
    const client = await mqtt.connectAsync({
      host: '127.0.0.1',
      port,
      username,
      password: username,
      clientId: `${username}-${crypto.randomUUID().slice(0, 8)}`,
      reconnectPeriod: 0,
    });
    (client.stream as Socket).setNoDelay(true);
    return client;
  };

const principals: readonly Principal[] = [gateway1, gateway2, alerting, integrator];

/** The users whose rules are tested; each one’s password is its name. */
export const contractUsers = principals.map((principal) => ({ username: principal.name, principal }));

const gatewayTopics = (Object.keys(topicTable) as TopicName[]).filter((name) => name !== 'alert') as Exclude<
  TopicName,
  'alert'
>[];

const topics: readonly string[] = [
  ...gatewayTopics.flatMap((name) => [gatewayTopic(name, 'demo', 'gw1'), gatewayTopic(name, 'other', 'gw1')]),
  alertTopic('demo', 'a1'),
  alertTopic('other', 'a1'),
  'wp/2/demo/gw1/up',
  'wp/1/demo/gw1/up/more',
  'lamps/1',
];

export interface RuleOutcome {
  readonly user: string;
  readonly action: 'publish' | 'subscribe';
  readonly topic: string;
  readonly passed: boolean;
}

/** What the topic table says for every user, action and topic. */
export const expectedOutcomes: readonly RuleOutcome[] = contractUsers.flatMap(
  ({ username: user, principal }) =>
    topics.flatMap((topic) => [
      { user, action: 'publish' as const, topic, passed: mayPublish(principal, topic, false) },
      { user, action: 'subscribe' as const, topic, passed: maySubscribe(principal, topic) },
    ]),
);

/** What really arrives: published by the user and seen by the observer, or the other way round. */
export async function actualOutcomes(target: RulesTarget): Promise<RuleOutcome[]> {
  const observer = await target.connect('observer');
  const subscribers = new Map<string, MqttClient>();
  for (const { username } of contractUsers) subscribers.set(username, await target.connect(username));
  const outcomes: RuleOutcome[] = [];
  try {
    await observer.subscribeAsync('#', { qos: 1 });
    for (const { user, action, topic } of expectedOutcomes) {
      const subscriber = subscribers.get(user);
      const passed =
        action === 'subscribe' && subscriber
          ? await received(subscriber, observer, topic)
          : await published(target, observer, user, topic);
      outcomes.push({ user, action, topic, passed });
    }
  } finally {
    for (const client of [observer, ...subscribers.values()]) await client.endAsync(true);
  }
  return outcomes;
}

/**
 * Resolves when a marker that the observer sends now has come back to it: everything before it has been
 * handled.
 */
async function settled(observer: MqttClient): Promise<void> {
  const marker = `marker/${crypto.randomUUID()}`;
  const back = new Promise<void>((resolve) => {
    const listen = (topic: string) => {
      if (topic !== marker) return;
      observer.off('message', listen);
      resolve();
    };
    observer.on('message', listen);
  });
  await observer.publishAsync(marker, '', { qos: 1 });
  await back;
}

async function published(
  target: RulesTarget,
  observer: MqttClient,
  user: string,
  topic: string,
): Promise<boolean> {
  const payload = crypto.randomUUID();
  let seen = false;
  const listen = (_topic: string, got: Buffer) => {
    seen ||= got.toString() === payload;
  };
  observer.on('message', listen);
  const client = await target.connect(user);
  // acknowledged, or the connection is closed: both end the attempt
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  await Promise.race([client.publishAsync(topic, payload, { qos: 1 }).catch(() => undefined), closed]);
  await settled(observer);
  observer.off('message', listen);
  await client.endAsync(true);
  return seen;
}

async function received(client: MqttClient, observer: MqttClient, topic: string): Promise<boolean> {
  const payload = crypto.randomUUID();
  let heard = false;
  const listen = (_topic: string, got: Buffer) => {
    heard ||= got.toString() === payload;
  };
  client.on('message', listen);
  await client.subscribeAsync(topic, { qos: 1 }).catch(() => undefined);
  await observer.publishAsync(topic, payload, { qos: 1 });
  await settled(observer);
  // one more round trip of the client itself, so that what was sent to it has arrived
  await client.unsubscribeAsync(topic).catch(() => undefined);
  client.off('message', listen);
  return heard;
}
