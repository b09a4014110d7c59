import { expect, it } from 'vitest';
import { linkTokenOf, passLinkOf, passTokenOf } from './one-time-link.ts';

it('the secret of a one-time link stands behind # of its own page alone', () => {
  expect(linkTokenOf({ pathname: '/welcome', hash: '#abc_-' })).toBe('abc_-');
  expect(linkTokenOf({ pathname: '/welcome', hash: '' })).toBeNull();
  expect(linkTokenOf({ pathname: '/welcome', hash: '#' })).toBeNull();
  expect(linkTokenOf({ pathname: '/plan', hash: '#abc' })).toBeNull();
});

it('the secret of a link to a pass stands behind # of its own page alone', () => {
  expect(passLinkOf('https://post.example', 'abc_-')).toBe('https://post.example/pass#abc_-');
  expect(passTokenOf({ pathname: '/pass', hash: '#abc_-' })).toBe('abc_-');
  expect(passTokenOf({ pathname: '/pass', hash: '' })).toBeNull();
  expect(passTokenOf({ pathname: '/passes', hash: '#abc' })).toBeNull();
});
