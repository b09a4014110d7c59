import { expect, test } from 'vitest';
import { TakeoverWatch } from './takeover-watch.ts';

test('one reconnect is no duplicate, three takeovers in a minute are', () => {
  const watch = new TakeoverWatch();
  expect(watch.note('gw', 0)).toBe(false);
  expect(watch.note('gw', 1000)).toBe(false);
  expect(watch.note('gw', 2000)).toBe(true);
});

test('slow reconnects are never a duplicate', () => {
  const watch = new TakeoverWatch();
  for (let at = 0; at < 10; at++) expect(watch.note('gw', at * 40_000)).toBe(false);
});

test('forgets client ids that rest', () => {
  const watch = new TakeoverWatch();
  for (let client = 0; client < 1000; client++) watch.note(`c${client}`, client * 1000);
  expect(watch.remembered).toBeLessThan(70);
});
