import { expect, test } from 'vitest';
import { limitKey, plainAddress } from './client-address.ts';

test.each([
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['127.0.0.1', '127.0.0.1'],
  ['2001:db8::1', '2001:db8::1'],
])('%s is %s', (address, plain) => expect(plainAddress(address)).toBe(plain));

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:0:0:1:2:3:4', '2001:db8:0:0::/64'],
  ['2001:db8:0:1::', '2001:db8:0:1::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s counts as %s', (address, key) => expect(limitKey(address)).toBe(key));
