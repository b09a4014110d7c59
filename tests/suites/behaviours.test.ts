import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Behaviours of alerting that others get wrong, by their numbers. Each has a test whose title begins with
 * its number.
 */
const behaviours: Readonly<Record<number, string>> = {
  1: 'a storm of one device is one alert with a count',
  2: 'several devices, one happening, one incident',
  3: 'the first notice at once, later members update it',
  4: 'a rise or return takes an acknowledgement back and notifies again',
  5: 'an acknowledgement stops all paging at once',
  6: 'a forgotten one comes back',
  7: 'a late acknowledgement revives nothing; repeats are harmless',
  8: '“over” is told once, to exactly those who were told “on”',
  9: 'flapping is damped and visible',
  10: 'inhibition survives a restart',
  11: 'silences show what they hide',
  12: 'suppressed is not lost: counted and judged again',
  13: 'the silence of a device alerts on time',
  14: 'what no event ends is cleared by time; what one ends is not',
  15: 'an escalation goes by the policy with which it opened',
  16: 'an independent auditor',
  17: 'rotas without holes',
  18: 'a broken receiver stops no other',
  19: 'a limit never delays a first critical',
  20: 'proof that the chain works end to end',
  21: 'joint response per department',
  22: 'the console misses nothing after a break',
  24: '“seen” is kept for each person, with undo',
  25: 'arming',
};

/** Measured and not tested, or not there yet. */
const others: Readonly<Record<number, string>> = {
  23: '`npm run bench -- alerting ack`: a test asserts no time',
};

const folders = ['alerting/src', 'alerting/server-tests', 'tests/told', 'tests/suites'];
const titles = folders
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
      join(root, folder, path),
    ),
  )
  .filter((path) => /(?:\.test|-contract)\.ts$/.test(path))
  .flatMap((path) => [
    ...readFileSync(path, 'utf8').matchAll(/(?:it|test|describe)(?:\.each\(.*\))?\(\s*['`](\d+): /g),
  ])
  .map(([, number]) => Number(number));

it('each behaviour has a test by its number', () => {
  const named = Object.keys(behaviours).map(Number);
  expect(named.filter((number) => !titles.includes(number))).toEqual([]);
});

it('a number means a behaviour', () => {
  expect(titles.filter((number) => !(number in behaviours))).toEqual([]);
  expect(Object.keys(behaviours).length + Object.keys(others).length).toBe(25);
});
