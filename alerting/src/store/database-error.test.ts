import { expect, test } from 'vitest';
import { isDataError } from './database-error.ts';

const withCode = (code: string) => Object.assign(new Error('refused'), { code });

test.each([
  ['22P02', true],
  ['23514', true],
  ['54000', true],
  // Another service was faster with the same group: at the next attempt its alert is there.
  ['23505', false],
  ['40P01', false],
  ['57P01', false],
  ['ECONNREFUSED', false],
])('%s: the content is to blame: %s', (code, expected) => {
  expect(isDataError(withCode(code))).toBe(expected);
});

test('an error without a code is not the content’s', () => {
  expect(isDataError(new Error('Connection terminated unexpectedly'))).toBe(false);
});
