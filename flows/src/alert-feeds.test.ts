import { afterEach, beforeEach, expect, test } from 'vitest';
import { AlertFeed } from './alert-feed.ts';
import { AlertFeeds } from './alert-feeds.ts';
import { sampleAlert, TestBroker } from './flows-testing.ts';

let broker: TestBroker;
let feeds: AlertFeeds;
const link = (password: string) => ({
  url: `mqtt://127.0.0.1:${broker.port}`,
  username: 'flows',
  password,
});
const open = (passwords: readonly string[]) =>
  new AlertFeeds(
    ['north', 'south'].map((site, index) => new AlertFeed({ site, broker: link(passwords[index] ?? '') })),
  );
const filter = { minSeverity: 'low', eventTypes: [], changes: 'new', existing: true } as const;

beforeEach(async () => {
  broker = await TestBroker.start();
});
afterEach(async () => {
  await feeds.stop();
  await broker.stop();
});

test('a node gets the alerts of every site, each with its site, and none of a third', async () => {
  feeds = open(['right', 'right']);
  const heard: string[] = [];
  const states: string[] = [];
  const leave = feeds.subscribe(filter, {
    change: ({ alert }) => heard.push(alert.site),
    state: (state) => states.push(state),
    problem: () => undefined,
  });
  feeds.start();
  await expect.poll(() => feeds.state, { timeout: 20_000 }).toBe('connected');
  expect(states.at(-1)).toBe('connected');
  for (const site of ['elsewhere', 'south', 'north']) {
    await broker.publishAlert(sampleAlert({ site }));
  }
  await expect.poll(() => heard.toSorted(), { timeout: 20_000 }).toEqual(['north', 'south']);
  leave();
});

test('that one site is refused is what the node shows', async () => {
  feeds = open(['right', 'wrong']);
  feeds.start();
  await expect.poll(() => feeds.state, { timeout: 20_000 }).toBe('refused');
});
