import { expect, test } from 'vitest';
import { LiveFeed, type LiveMessage } from './live-feed.ts';

const gateway = (name: string) => ({ name: 'gateway', payload: { gateway: name } }) as unknown as LiveMessage;
const heat: LiveMessage = { name: 'heat', payload: {} };

/** The position that a reader has reached after these messages. */
function reached(feed: LiveFeed, ...messages: LiveMessage[]): string {
  let at = '';
  const { position, unsubscribe } = feed.subscribe((_message, reachedNow) => {
    at = reachedNow;
  });
  at = position;
  for (const message of messages) feed.publish(message);
  unsubscribe();
  return at;
}

test('a reader that comes back gets what it missed, in order, and nothing that is told anew anyway', () => {
  const feed = new LiveFeed();
  const at = reached(feed, gateway('a'));
  for (const message of [gateway('b'), heat, gateway('c')]) feed.publish(message);
  expect(feed.subscribe(() => undefined, at).missed).toEqual([gateway('b'), gateway('c')]);
  expect(feed.subscribe(() => undefined, reached(feed)).missed).toEqual([]);
});

test('who missed more than is kept, or comes with a position of another run, has to load', () => {
  const feed = new LiveFeed(2);
  const at = reached(feed, gateway('a'));
  feed.publish(gateway('b'));
  feed.publish(gateway('c'));
  expect(feed.subscribe(() => undefined, at).missed).toHaveLength(2);
  feed.publish(gateway('d'));
  expect(feed.subscribe(() => undefined, at).missed).toBeUndefined();
  for (const foreign of [reached(new LiveFeed()), '', 'x.y', `${reached(feed)}9`]) {
    expect(feed.subscribe(() => undefined, foreign).missed).toBeUndefined();
  }
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
