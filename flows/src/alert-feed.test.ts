import { alertTopic } from '@watchpost/contracts/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AlertFeed, type FeedState } from './alert-feed.ts';
import type { AlertChange } from './domain/alert-book.ts';
import { eventually, sampleAlert, TestBroker } from './flows-testing.ts';

const everything = { minSeverity: 'low', eventTypes: [], changes: 'all', existing: true } as const;

let broker: TestBroker;
let feed: AlertFeed;
let changes: AlertChange[];
let states: FeedState[];
let problems: string[];

function listener() {
  return {
    change: (change: AlertChange) => changes.push(change),
    state: (state: FeedState) => states.push(state),
    problem: (error: { code: string }) => problems.push(error.code),
  };
}

async function connect(password = 'right'): Promise<void> {
  feed = new AlertFeed({
    site: 'demo',
    broker: { url: broker.url, username: 'flows', password },
    limits: { firstRetryMs: 50, maxRetryMs: 50 },
  });
  feed.subscribe(everything, listener());
  feed.start();
}

const connected = () => eventually(() => (states.at(-1) === 'connected' ? true : undefined));
const count = (wanted: number) => eventually(() => (changes.length >= wanted ? changes : undefined));

beforeEach(async () => {
  [changes, states, problems] = [[], [], []];
  broker = await TestBroker.start();
});
afterEach(async () => {
  await feed.stop();
  await broker.stop();
});

test('stored alerts exist, later ones open, change and close', async () => {
  const stored = sampleAlert();
  await broker.publishAlert(stored);
  await connect();
  await count(1);
  const fresh = sampleAlert();
  await broker.publishAlert(fresh);
  await broker.publishAlert({ ...fresh, version: 2, state: 'acknowledged' });
  await broker.publish(alertTopic('demo', fresh.id), '');
  await count(4);
  expect(changes.map(({ change, alert }) => [change, alert.id === stored.id])).toEqual([
    ['existing', true],
    ['opened', false],
    ['changed', false],
    ['closed', false],
  ]);
});

test.each([
  ['after live messages', 'opened'],
  ['even when only stored ones were heard before', 'existing'],
])(
  'what opened while the broker was away is new, %s; what was known is not repeated',
  async (_what, before) => {
    const known = sampleAlert();
    if (before === 'existing') await broker.publishAlert(known);
    await connect();
    await connected();
    if (before === 'opened') await broker.publishAlert(known);
    await count(1);
    const { port } = broker;
    await broker.stop();
    await eventually(() => (states.at(-1) === 'connecting' ? true : undefined));
    broker = await TestBroker.start(port);
    const missed = sampleAlert();
    await broker.publishAlert(known);
    await broker.publishAlert(missed);
    await count(2);
    expect(changes.map(({ change, alert }) => [change, alert.id])).toEqual([
      [before, known.id],
      ['opened', missed.id],
    ]);
  },
);

test.each([
  ['no JSON', 'wire.not_json', 'ABC'],
  ['bytes that are no UTF-8', 'wire.not_json', Buffer.from([0xff, 0xfe])],
  ['JSON that is no alert', 'wire.schema', '{"id":1}'],
  ['an alert of another id', 'wire.source_mismatch', JSON.stringify(sampleAlert())],
  ['more than 64 KiB', 'wire.too_large', Buffer.alloc(70_000, 32)],
])('%s is a coded problem and stops nothing', async (_what, code, payload) => {
  await connect();
  await connected();
  await broker.publish(alertTopic('demo', crypto.randomUUID()), payload, false);
  const good = sampleAlert();
  await broker.publishAlert(good);
  await count(1);
  expect(changes[0]?.alert.id).toBe(good.id);
  expect(problems).toEqual([code]);
});

test('a flood of garbage is passed on in part', async () => {
  await connect();
  await connected();
  for (let turn = 0; turn < 50; turn++) await broker.publish(alertTopic('demo', `a${turn}`), '?', false);
  await broker.publishAlert(sampleAlert());
  await count(1);
  expect(problems).toHaveLength(10);
});

test('a wrong password is a state and a code', async () => {
  await connect('wrong');
  await eventually(() => problems[0]);
  expect(states.at(-1)).toBe('refused');
  expect(problems[0]).toBe('broker.unauthorized');
});

test('a node that comes later hears of the open alerts', async () => {
  await connect();
  await connected();
  const alert = sampleAlert();
  await broker.publishAlert(alert);
  await count(1);
  const later: AlertChange[] = [];
  const remove = feed.subscribe(everything, { ...listener(), change: (change) => later.push(change) });
  expect(later).toEqual([{ change: 'existing', alert, topic: alertTopic('demo', alert.id) }]);
  remove();
  await broker.publishAlert({ ...alert, version: 2 });
  await count(2);
  expect(later).toHaveLength(1);
});
