import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Arrivals } from './connections/arrivals.ts';
import { inTurns, PacedWork } from './paced-work.ts';

it('does everything in order, and lets others have turns in between', async () => {
  const paced = new PacedWork(8);
  const done: number[] = [];
  for (let i = 0; i < 100; i++) paced.add(() => void done.push(i));
  expect(done).toEqual([]);
  let turns = 0;
  for (; done.length < 100; turns++) await nextTurn();
  expect(done).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(turns).toBeGreaterThan(10);
});

it('takes work that work brings, and starts again when it has been idle', async () => {
  const paced = new PacedWork(8);
  const done: string[] = [];
  paced.add(() => {
    done.push('first');
    paced.add(() => done.push('brought'));
  });
  for (let i = 0; i < 3; i++) await nextTurn();
  expect(done).toEqual(['first', 'brought']);
  paced.add(() => done.push('later'));
  for (let i = 0; i < 2; i++) await nextTurn();
  expect(done).toEqual(['first', 'brought', 'later']);
});

it('gives each of several a part in every turn, however much the first asks for', async () => {
  const paced = new PacedWork(4);
  const given: string[] = [];
  const give = async (name: string, count: number) => {
    for await (const one of inTurns(Array(count).fill(name), paced)) given.push(one);
  };
  await Promise.all([give('much', 100), give('little', 2)]);
  expect(given.lastIndexOf('little')).toBeLessThan(10);
  expect(given).toHaveLength(102);
});

it('lets in everybody, the newest of an address first, no faster than the rate', async () => {
  let delays = 0;
  const arrivals = new Arrivals(100, { delayed: () => void delays++ });
  const startMs = performance.now();
  const entered: number[] = [];
  for (let i = 0; i < 40; i++) arrivals.add('a', () => entered.push(i) > 0);
  while (entered.length < 40) await delay(5);
  expect(entered).toEqual(Array.from({ length: 40 }, (_, i) => 39 - i));
  // 2 at once, then 100 a second: later on a busy computer, never earlier
  expect(performance.now() - startMs).toBeGreaterThan(350);
  expect(delays).toBeGreaterThan(0);
});

it('lets nobody in after it was stopped', async () => {
  const arrivals = new Arrivals(10, { delayed: () => undefined });
  let entered = 0;
  for (let i = 0; i < 50; i++) arrivals.add('a', () => ++entered > 0);
  await delay(50);
  arrivals.stop();
  const before = entered;
  expect(before).toBeLessThan(50);
  await delay(300);
  expect(entered).toBe(before);
});

it('who has gone meanwhile costs nobody a turn', async () => {
  const arrivals = new Arrivals(1, { delayed: () => undefined });
  let entered = false;
  arrivals.add('a', () => {
    entered = true;
    return true;
  });
  for (let i = 0; i < 1000; i++) arrivals.add('a', () => false);
  for (let turn = 0; turn < 100 && !entered; turn++) await nextTurn();
  expect(entered).toBe(true);
});
