import { expect, test } from 'vitest';
import { AttemptLimit } from './attempt-limit.ts';
import { attemptPolicy } from './policy.ts';

const { perSource, perAccount } = attemptPolicy;
let now = 0;
const limit = (more: Partial<typeof attemptPolicy> = {}) =>
  new AttemptLimit({ ...attemptPolicy, ...more }, () => now);

/**
 * Tries wrong secrets as fast as it may for some seconds, over so many connections; how many were looked at.
 */
function guess(
  under: AttemptLimit,
  seconds: number,
  address: (turn: number) => string,
  parallel = 50,
): number {
  const end = now + seconds * 1000;
  let looked = 0;
  const due: { atMs: number; failed(): void }[] = [];
  for (let turn = 0; now < end; turn++) {
    while (due.length < parallel) {
      const attempt = under.begin('alerting', address(turn++), `guess${turn}`);
      if (!attempt) break;
      due.push({ atMs: now + attempt.waitMs, failed: attempt.failed });
    }
    now += 10;
    for (const each of due.splice(0)) {
      if (each.atMs > now) due.push(each);
      else {
        looked++;
        each.failed();
      }
    }
  }
  return looked;
}

test('one address tries a burst, then a few a second', () => {
  const looked = guess(limit(), 10, () => 'a');
  expect(looked).toBeLessThanOrEqual(perSource.burst + 10 * perSource.perSecond + 1);
  expect(looked).toBeGreaterThan(perSource.burst);
});

test('whoever goes on is looked at more and more rarely', () => {
  const under = limit();
  guess(under, 60, () => 'a');
  expect(guess(under, 20, () => 'a')).toBeLessThanOrEqual(20 * (perSource.perSecond / 5) + 2);
});

test('and many addresses together not many more', () => {
  const looked = guess(limit(), 10, (turn) => `a${turn % 1000}`, 500);
  expect(looked).toBeLessThanOrEqual(perAccount.burst + 10 * perAccount.perSecond + 1);
});

test('right secrets cost nothing, however many come at once', () => {
  const under = limit();
  for (let turn = 0; turn < 1000; turn++) {
    const attempt = under.begin(`gw${turn % 3}`, 'nat', `c${turn}`);
    expect(attempt?.waitMs).toBe(0);
    attempt?.succeeded();
  }
});

test('a client that was let in before comes back at once while others guess from its address', () => {
  const under = limit();
  under.begin('alerting', 'a', 'mine')?.succeeded();
  guess(under, 5, () => 'a');
  expect(under.begin('alerting', 'a', 'mine')?.waitMs).toBe(0);
});

test('a new client waits for its turn among them, and no longer than it says', () => {
  const under = limit();
  guess(under, 5, () => 'a', 20);
  const attempt = under.begin('alerting', 'a', 'new');
  expect(attempt?.waitMs).toBeGreaterThan(0);
  expect(attempt?.waitMs).toBeLessThanOrEqual(attemptPolicy.longestWaitMs);
});

test('another user name is not slowed down', () => {
  const under = limit();
  guess(under, 5, () => 'a');
  expect(under.begin('gw1', 'a', 'gw1')?.waitMs).toBe(0);
});

test('what is remembered is bounded', () => {
  const under = limit({ remembered: 10 });
  for (let turn = 0; turn < 1000; turn++) under.begin(`n${turn}`, 'a', 'c')?.failed();
  expect(under.begin('n0', 'a', 'c')?.waitMs).toBe(0);
});
