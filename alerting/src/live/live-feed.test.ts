import { expect, test } from 'vitest';
import { LiveFeed, type LiveMessage } from './live-feed.ts';
import { streamPolicy } from './policy.ts';

const change = (position: number, id = `alert-${position}`) =>
  ({ position, alert: { id, version: position } }) as unknown as Parameters<LiveFeed['take']>[0];
const told = (position: number, id?: string) =>
  ({ name: 'alert', payload: change(position, id).alert }) as unknown as LiveMessage;
const heat: LiveMessage = { name: 'heat', payload: {} };

/** A feed that goes on in a log. */
function feedOf({ keep, log = 'a', changes = [] as number[], completeAfter = 0 } = {} as Partial<FeedOf>) {
  const feed = new LiveFeed(keep);
  const head = changes.at(-1) ?? completeAfter;
  feed.begin({ log, changes: changes.map((position) => change(position)), completeAfter, head });
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
  });
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
  expect(feed.subscribe(() => undefined, at).missed).toEqual([told(2), told(5)]);
  expect(feed.subscribe(() => undefined, reached(feed)).missed).toEqual([]);
});

test('who missed more than is kept, or comes with a position of another run, has to load', () => {
  const feed = feedOf({ keep: 2 });
  const at = reached(feed, 1);
  feed.take(change(2));
  feed.take(change(3));
  expect(feed.subscribe(() => undefined, at).missed).toHaveLength(2);
  feed.take(change(4));
  expect(feed.subscribe(() => undefined, at).missed).toBeUndefined();
  for (const foreign of [reached(feedOf({ log: 'b' }), 4), '', 'x.y', `${reached(feed)}9`]) {
    expect(feed.subscribe(() => undefined, foreign).missed).toBeUndefined();
  }
});

test('a reader of an earlier process of the same log goes on, as far as nothing is missing in between', () => {
  const at = reached(feedOf({ changes: [3, 7] }), 9);
  const later = feedOf({ changes: [7, 9, 12], completeAfter: 5 });
  expect(later.subscribe(() => undefined, at).missed).toEqual([told(12)]);
  expect(later.subscribe(() => undefined, 'a.5').missed).toHaveLength(3);
  expect(later.subscribe(() => undefined, 'a.4').missed).toBeUndefined();
  expect(later.subscribe(() => undefined, 'a.13').missed).toBeUndefined();
});

test('of an alert that changed often the newest is told, and of too many alerts the reader loads them', () => {
  const feed = feedOf();
  for (let position = 1; position <= 1_000; position++) feed.take(change(position, 'busy'));
  feed.take(change(1_001, 'calm'));
  expect(feed.subscribe(() => undefined, 'a.0').missed).toEqual([told(1_000, 'busy'), told(1_001, 'calm')]);
  for (let more = 0; more < streamPolicy.missedAtMost; more++) feed.take(change(1_002 + more));
  expect(feed.subscribe(() => undefined, 'a.0').missed).toBeUndefined();
});

test('a reader that throws is dropped, and an observer is no reader', () => {
  const feed = new LiveFeed();
  const seen: string[] = [];
  feed.observe(({ name }) => seen.push(name));
  feed.subscribe(() => {
    throw new Error('broken');
  });
  expect(feed.readers).toBe(1);
  feed.publish(heat);
  expect([feed.readers, seen]).toEqual([0, ['heat']]);
});
