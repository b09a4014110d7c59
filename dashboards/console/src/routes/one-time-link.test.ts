import { expect, it } from 'vitest';
import { linkTokenOf } from './one-time-link.ts';

it('the secret of a one-time link stands behind # of its own page alone', () => {
  expect(linkTokenOf({ pathname: '/welcome', hash: '#abc_-' })).toBe('abc_-');
  expect(linkTokenOf({ pathname: '/welcome', hash: '' })).toBeNull();
  expect(linkTokenOf({ pathname: '/welcome', hash: '#' })).toBeNull();
  expect(linkTokenOf({ pathname: '/plan', hash: '#abc' })).toBeNull();
});
