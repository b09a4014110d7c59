import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LinkProblem, MqttLink, type MqttLinkOptions } from './mqtt-link.ts';
import { BrokerWithHabits } from './testing/broker-with-habits.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 5 });
/** Short enough for a test, long enough for a loaded machine to answer in. */
const limits = {
  connackMs: 300,
  subackMs: 300,
  pubackMs: 300,
  pingEveryMs: 50,
  pingrespMs: 300,
  firstRetryMs: 10,
  maxRetryMs: 50,
};

let broker: BrokerWithHabits;
let link: MqttLink | undefined;
let problems: LinkProblem[];
let log: string[];

beforeEach(async () => {
  broker = new BrokerWithHabits();
  await broker.start();
  problems = [];
  log = [];
});
afterEach(async () => {
  await link?.stop();
  link = undefined;
  await broker.stop();
});

function open(options: Partial<MqttLinkOptions> = {}): MqttLink {
  link = new MqttLink({
    access: () => ({ url: broker.url }),
    clientId: 'client',
    filters: ['a', 'b'],
    onFault: (problem) => problems.push(problem),
    logger: pino({ level: 'info' }, { write: (line: string) => void log.push(line) }),
    limits,
    ...options,
  });
  link.start();
  return link;
}

const faults = () => problems.map(({ fault }) => fault);
const hello = { topic: 'a', payload: 'hello', retain: false };

describe.each([1, 2, 3, 4, 5])('CONNACK code %i', (code) => {
  test('refused three times, then accepted: it is connected', async () => {
    broker.habits.refuse = [code, code, code];
    const opened = open();
    await until(() => expect(opened.connected).toBe(true));
    expect(faults()).toEqual(['refused', 'refused', 'refused']);
    expect(opened.problem).toBeUndefined();
    expect(opened.faults).toEqual({ refused: 3 });
  });

  test('refused after a loss, then accepted: it is connected again', async () => {
    const opened = open();
    await until(() => expect(opened.connected).toBe(true));
    broker.habits.refuse = [code];
    opened.giveUp('for the test');
    await until(() => expect(faults()).toEqual(['given_up', 'refused']));
    await until(() => expect(opened.connected).toBe(true));
  });
});

test('refusals say what is wrong', async () => {
  broker.habits.refuse = [5, 2, 3];
  open();
  await until(() => expect(problems).toHaveLength(3));
  expect(problems.map(({ error }) => error)).toEqual([
    'broker.unauthorized',
    'broker.client_id',
    'broker.unreachable',
  ]);
});

test('no CONNACK: the connection ends, and the next one is tried', async () => {
  broker.habits.connack = false;
  const opened = open();
  await until(() => expect(faults().slice(0, 2)).toEqual(['no_connack', 'no_connack']));
  expect(opened.problem).toMatchObject({ error: 'broker.no_answer' });
  broker.habits.connack = true;
  await until(() => expect(opened.connected).toBe(true));
});

test('no SUBACK: it does not count as connected, ends, and comes back', async () => {
  broker.habits.suback = false;
  const opened = open();
  await until(() => expect(faults()).toContain('no_suback'));
  expect(opened.connected).toBe(false);
  broker.habits.suback = true;
  await until(() => expect(opened.connected).toBe(true));
});

test('a refused subscription: it is tried again until it is granted', async () => {
  broker.habits.refuseSubscriptions = true;
  const opened = open();
  await until(() => expect(faults()).toContain('subscription_refused'));
  expect(opened.problem).toMatchObject({ error: 'broker.forbidden_topic', reason: 'a b' });
  broker.habits.refuseSubscriptions = false;
  await until(() => expect(opened.connected).toBe(true));
});

test('a refused subscription that is optional: the link is up without it', async () => {
  broker.habits.refuseSubscriptions = ['c'];
  const opened = open({ optionalFilters: ['c'] });
  await until(() => expect(opened.connected).toBe(true));
  expect(faults()).toEqual([]);
});

test('no PUBACK after the first: the connection ends without DISCONNECT, so the will speaks', async () => {
  broker.habits.puback = 1;
  const opened = open({ will: () => ({ topic: 'state', payload: 'offline', retain: true }) });
  await until(() => expect(opened.connected).toBe(true));
  const done = vi.fn();
  opened.publish(hello, done);
  await until(() => expect(done).toHaveBeenCalledOnce());
  expect(faults()).toEqual([]);
  opened.publish(hello, done);
  await until(() => expect(faults()).toEqual(['no_puback']));
  await until(() => expect(broker.wills).toEqual([{ topic: 'state', payload: 'offline', retain: true }]));
  expect(done).toHaveBeenCalledOnce();
  await until(() => expect(opened.connected).toBe(true));
});

test('no PINGRESP: the connection ends and comes back', async () => {
  broker.habits.pingresp = false;
  const opened = open();
  await until(() => expect(faults()).toContain('no_pingresp'));
  broker.habits.pingresp = true;
  await until(() => expect(opened.connected).toBe(true));
});

test('a healthy connection outlives every deadline', async () => {
  const opened = open();
  await until(() => expect(opened.connected).toBe(true));
  await sleep(1_000);
  expect(faults()).toEqual([]);
  expect(broker.connects).toHaveLength(1);
});

test('a process that stalled for longer than a deadline reads before it judges', async () => {
  const opened = open();
  await until(() => expect(opened.connected).toBe(true));
  const done = vi.fn();
  opened.publish(hello, done);
  const stallUntil = performance.now() + 2 * limits.pubackMs;
  while (performance.now() < stallUntil);
  await until(() => expect(done).toHaveBeenCalled());
  expect(faults()).toEqual([]);
});

test('while its owner takes a message nothing counts as missing, and the broker hears from us', async () => {
  let release = (): void => undefined;
  const opened = open({ onMessage: () => new Promise((resolve) => (release = resolve)) });
  await until(() => expect(opened.connected).toBe(true));
  broker.deliver('a', 1);
  await sleep(100);
  opened.publish(hello);
  await sleep(2 * limits.pubackMs);
  expect(faults()).toEqual([]);
  release();
  await sleep(50);
  expect(opened.connected).toBe(true);
});

test('the pauses grow, whatever refuses', async () => {
  broker.habits.refuse = Array.from({ length: 8 }, () => 3);
  const pauses: number[] = [];
  open({
    limits: { ...limits, firstRetryMs: 4, maxRetryMs: 200 },
    logger: pino({ level: 'silent' }),
    onFault: () => pauses.push(performance.now()),
  });
  await until(() => expect(pauses).toHaveLength(8));
  const between = pauses.slice(1).map((at, index) => at - (pauses[index] ?? 0));
  expect(between.at(-1)).toBeGreaterThan(100);
});

test('what the connection needs is read anew for each attempt, and failing that is a fault like others', async () => {
  let file: string | undefined;
  const opened = open({
    access: () => {
      if (file === undefined) throw new Error('no token file');
      return { url: broker.url, username: 'token', password: file };
    },
  });
  await until(() => expect(faults()).toContain('no_credentials'));
  expect(opened.problem).toMatchObject({ error: 'config.invalid', reason: 'no token file' });
  file = 'token';
  await until(() => expect(opened.connected).toBe(true));
});

test('an address that no client library can use is a fault like others', async () => {
  open({ access: () => ({ url: 'gopher://127.0.0.1' }) });
  await until(() => expect(problems.length).toBeGreaterThan(1));
});

test('nobody listens, then somebody does', async () => {
  const { url } = broker;
  await broker.stop();
  const opened = open({ access: () => ({ url }) });
  await until(() => expect(faults()).toContain('unreachable'));
  const port = Number(new URL(url).port);
  const again = new BrokerWithHabits();
  await again.start(port);
  await until(() => expect(opened.connected).toBe(true));
  await opened.stop();
  await again.stop();
  await broker.start();
});

test('the same reason is said once in an outage; what ended a connection is said', async () => {
  broker.habits.refuse = [5, 5, 5];
  const opened = open();
  await until(() => expect(opened.connected).toBe(true));
  opened.giveUp('no receipt within 60000 ms');
  await until(() => expect(broker.connects).toHaveLength(5));
  const warnings = log.map((line) => JSON.parse(line)).filter(({ level }) => level === 40);
  expect(warnings).toMatchObject([
    { fault: 'refused', error: 'broker.unauthorized' },
    { fault: 'given_up', reason: 'no receipt within 60000 ms', msg: 'broker connection lost' },
  ]);
});

test('stop says the last words and leaves properly: no will', async () => {
  const opened = open({ will: () => ({ topic: 'state', payload: 'offline', retain: true }) });
  await until(() => expect(opened.connected).toBe(true));
  await opened.stop({ topic: 'state', payload: 'bye', retain: true });
  await until(() => expect(broker.open).toBe(0));
  expect(broker.publications.at(-1)).toEqual({ topic: 'state', payload: 'bye', retain: true });
  expect(broker.wills).toEqual([]);
});

test.each(['connack', 'suback', 'puback', 'pingresp'] as const)(
  'stop ends with a broker without %s',
  async (habit) => {
    broker.habits[habit] = false;
    const opened = open({ limits: { ...limits, connackMs: 60_000, subackMs: 60_000, pubackMs: 60_000 } });
    await until(() => expect(broker.connects).toHaveLength(1));
    await opened.stop(hello);
    await until(() => expect(broker.open).toBe(0));
    await sleep(200);
    expect(broker.connects).toHaveLength(1);
  },
);

test('connecting anew takes the new credentials and is no fault', async () => {
  let password = 'old';
  const opened = open({ access: () => ({ url: broker.url, username: 'u', password }) });
  await until(() => expect(opened.connected).toBe(true));
  password = 'new';
  await opened.reconnect();
  await until(() => expect(broker.connects).toHaveLength(2));
  await until(() => expect(opened.connected).toBe(true));
  expect(faults()).toEqual([]);
});
