import { expect, it } from 'vitest';
import { testAlert } from '../test-alerts.ts';
import { apiQueryOf, filterOf, fits, isOfServer, queryOf, wholeQueue } from './queue-filter.ts';

it('an address and its filter are the same thing', () => {
  const filter = {
    severity: 'high',
    zone: 'gate',
    search: '门 open',
    quiet: 'hidden',
    fresh: 'yes',
  } as const;
  expect(filterOf(queryOf(filter))).toEqual(filter);
  expect(filterOf(`?${queryOf(filter)}`)).toEqual(filter);
  expect([queryOf(wholeQueue), filterOf('')]).toEqual(['', wholeQueue]);
});

it('what means nothing is left out', () => {
  expect(filterOf('severity=worst&zone=a/b&search=x&quiet=yes&fresh=1&type=any&device=&else=1')).toBe(
    wholeQueue,
  );
});

it('is asked of the server in its own words', () => {
  expect(apiQueryOf({ severity: 'low', quiet: 'only', fresh: 'yes' })).toEqual({
    ...{ severity: 'low', suppressed: 'yes', unseen: 'yes' },
  });
  expect(apiQueryOf({ quiet: 'hidden' })).toEqual({ suppressed: 'no' });
});

it('tells of an alert whether it fits, and what only the server can tell', () => {
  const alert = testAlert();
  expect(fits({ severity: 'high', zone: 'gate', device: 'cam-gate' }, alert)).toBe(true);
  for (const filter of [{ severity: 'low' }, { zone: 'hall' }, { device: 'x' }, { type: 'x' }] as const)
    expect(fits(filter, alert)).toBe(false);
  const quiet = testAlert({ suppressions: [{ kind: 'silence', ref: 'a', until: null, by: null }] });
  expect([fits({ quiet: 'hidden' }, quiet), fits({ quiet: 'only' }, quiet)]).toEqual([false, true]);
  expect([fits({ quiet: 'hidden' }, alert), fits({ quiet: 'only' }, alert)]).toEqual([true, false]);
  expect([isOfServer({ search: 'door' }), isOfServer({ fresh: 'yes' }), isOfServer({ zone: 'a' })]).toEqual([
    true,
    true,
    false,
  ]);
});
