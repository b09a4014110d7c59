import { BrokerWithHabits } from '@watchpost/service/testing/broker-with-habits';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AlertFeed, type FeedState } from './alert-feed.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
let broker: BrokerWithHabits;
let feed: AlertFeed;
let states: FeedState[];
let problems: string[];

beforeEach(async () => {
  [states, problems] = [[], []];
  broker = new BrokerWithHabits();
  await broker.start();
  feed = new AlertFeed({
    site: 'demo',
    broker: { url: broker.url },
    limits: { firstRetryMs: 10, maxRetryMs: 50, connackMs: 400, subackMs: 400 },
  });
  feed.subscribe(
    { minSeverity: 'low', eventTypes: [], changes: 'all', existing: true },
    {
      change: () => undefined,
      state: (state) => states.push(state),
      problem: ({ code }) => problems.push(code),
    },
  );
});
afterEach(async () => {
  await feed.stop();
  await broker.stop();
});

test('refused with every code, then accepted: connected, and the wrong secret was named', async () => {
  broker.habits.refuse = [1, 2, 3, 4, 5];
  feed.start();
  await until(() => expect(feed.state).toBe('connected'));
  expect(states).toContain('refused');
  expect(problems).toEqual(['broker.unauthorized', 'broker.unauthorized']);
});

test.each(['connack', 'suback'] as const)('no %s: named, and connected when it comes', async (habit) => {
  broker.habits[habit] = false;
  feed.start();
  await until(() => expect(problems).toContain('broker.no_answer'));
  expect(feed.state).toBe('connecting');
  broker.habits[habit] = true;
  await until(() => expect(feed.state).toBe('connected'));
});
