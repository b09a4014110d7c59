import { expect, test } from 'vitest';
import { LiveFeed, type LiveMessage } from './live-feed.ts';
import { streamPolicy } from './policy.ts';

const change = (position: number, id = `alert-${position}`) =>
  ({ position, alert: { id, site: 'here', version: position } }) as unknown as Parameters<
    LiveFeed['take']
  >[0];
const told = (position: number, id?: string) =>
  ({ name: 'alert', site: 'here', payload: change(position, id).alert }) as unknown as LiveMessage;
const heat = { name: 'heat', site: 'here', payload: { site: 'here' } } as unknown as LiveMessage;
const here = new Set(['here']);

/** A feed that goes on in a log. */
function feedOf({ keep, log = 'a', changes = [] as number[], completeAfter = 0 } = {} as Partial<FeedOf>) {
  const feed = new LiveFeed(keep);
  const head = changes.at(-1) ?? completeAfter;
  const newest = changes.map((position) => change(position));
  feed.begin({ log, sites: [{ site: 'here', changes: newest, completeAfter }], head });
  return feed;
}
interface FeedOf {
  keep: number;
  log: string;
  changes: number[];
  completeAfter: number;
}

/** The position that a reader has reached after these changes. */
function reached(feed: LiveFeed, ...positions: number[]): string {
  let at = '';
  const { position, unsubscribe } = feed.subscribe((_message, reachedNow) => {
    at = reachedNow;
  }, here);
  at = position;
  for (const taken of positions) feed.take(change(taken));
  unsubscribe();
  return at;
}

test('a reader that comes back gets what it missed, in order, and nothing that is told anew anyway', () => {
  const feed = feedOf();
  const at = reached(feed, 1);
  feed.take(change(2));
  feed.publish(heat);
  feed.take(change(5));
  expect(feed.subscribe(() => undefined, here, at).missed).toEqual([told(2), told(5)]);
  expect(feed.subscribe(() => undefined, here, reached(feed)).missed).toEqual([]);
});

test('who missed more than is kept, or comes with a position of another run, has to load', () => {
  const feed = feedOf({ keep: 2 });
  const at = reached(feed, 1);
  feed.take(change(2));
  feed.take(change(3));
  expect(feed.subscribe(() => undefined, here, at).missed).toHaveLength(2);
  feed.take(change(4));
  expect(feed.subscribe(() => undefined, here, at).missed).toBeUndefined();
  for (const foreign of [reached(feedOf({ log: 'b' }), 4), '', 'x.y', `${reached(feed)}9`]) {
    expect(feed.subscribe(() => undefined, here, foreign).missed).toBeUndefined();
  }
});

test('a reader of an earlier process of the same log goes on, as far as nothing is missing in between', () => {
  const at = reached(feedOf({ changes: [3, 7] }), 9);
  const later = feedOf({ changes: [7, 9, 12], completeAfter: 5 });
  expect(later.subscribe(() => undefined, here, at).missed).toEqual([told(12)]);
  expect(later.subscribe(() => undefined, here, 'a.5').missed).toHaveLength(3);
  expect(later.subscribe(() => undefined, here, 'a.4').missed).toBeUndefined();
  expect(later.subscribe(() => undefined, here, 'a.13').missed).toBeUndefined();
});

test('of an alert that changed often the newest is told, and of too many alerts the reader loads them', () => {
  const feed = feedOf();
  for (let position = 1; position <= 1_000; position++) feed.take(change(position, 'busy'));
  feed.take(change(1_001, 'calm'));
  expect(feed.subscribe(() => undefined, here, 'a.0').missed).toEqual([
    told(1_000, 'busy'),
    told(1_001, 'calm'),
  ]);
  for (let more = 0; more < streamPolicy.missedAtMost; more++) feed.take(change(1_002 + more));
  expect(feed.subscribe(() => undefined, here, 'a.0').missed).toBeUndefined();
});

test('a reader that throws is dropped, and an observer is no reader', () => {
  const feed = new LiveFeed();
  const seen: string[] = [];
  feed.observe(({ name }) => seen.push(name));
  feed.subscribe(() => {
    throw new Error('broken');
  }, here);
  expect(feed.readers).toBe(1);
  feed.publish(heat);
  expect([feed.readers, seen]).toEqual([0, ['heat']]);
});

test('a reader hears of its own sites alone, and much that happens on another takes nothing of what it missed', () => {
  const feed = feedOf({ keep: 2 });
  const there = (position: number) => {
    const one = change(position);
    return { ...one, alert: { ...one.alert, site: 'there' } } as typeof one;
  };
  const heard: unknown[] = [];
  feed.subscribe(({ payload }) => heard.push(payload), here);
  feed.take(change(1));
  for (let position = 2; position < 20; position++) feed.take(there(position));
  feed.take(change(20));
  feed.publish({ ...heat, site: 'there' });
  expect(heard).toEqual([told(1).payload, told(20).payload]);
  expect(feed.subscribe(() => undefined, here, 'a.0').missed).toEqual([told(1), told(20)]);
  const both = new Set(['here', 'there']);
  expect(feed.subscribe(() => undefined, both, 'a.0').missed).toBeUndefined();
  const missed = feed.subscribe(() => undefined, both, 'a.17').missed;
  expect(missed?.map(({ site }) => site)).toEqual(['there', 'there', 'here']);
});
