import { expect, test } from 'vitest';
import { preparedPolicy } from './policy.ts';
import { StatementNames } from './statement-names.ts';

test('a statement has a name from its second use on, always the same', () => {
  const names = new StatementNames();
  expect(names.nameOf('select 1')).toBeUndefined();
  const name = names.nameOf('select 1');
  expect(name).toMatch(/^[a-z_0-9]{1,63}$/);
  expect(names.nameOf('select 1')).toBe(name);
  names.nameOf('select 2');
  expect(names.nameOf('select 2')).not.toBe(name);
});

test('what reads a hypertable is planned each time; what writes it is not', () => {
  const names = new StatementNames();
  const named = (text: string) => [names.nameOf(text), names.nameOf(text)][1] !== undefined;
  expect(named('select * from "event" where "site" = $1')).toBe(false);
  expect(named('select * from x cross join lateral (select from event limit 1) as y')).toBe(false);
  expect(named('insert into "event" ("time") select "time" from x')).toBe(true);
  expect(named('select * from event_hour')).toBe(true);
});

test('texts that are different each time take no more room than is allowed', () => {
  const names = new StatementNames();
  const twice = (text: string) => [names.nameOf(text), names.nameOf(text)][1];
  for (let index = 0; index < preparedPolicy.statements; index++)
    expect(twice(`select ${index}`)).toBeDefined();
  expect(twice('select one more')).toBeUndefined();
});

test('after a change of tables nothing is called as before', () => {
  const names = new StatementNames();
  const twice = (text: string) => [names.nameOf(text), names.nameOf(text)][1];
  const before = twice('select 1');
  names.renew();
  expect(twice('select 1')).not.toBe(before);
});
