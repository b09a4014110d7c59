import { expect, test } from 'vitest';
import { isLoopbackHost, isReadableOnTheWay } from './loopback.ts';

test.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.9.8.7', '::1', '[::1]', '::ffff:127.0.0.1'])(
  '%s is this computer',
  (host) => expect(isLoopbackHost(host)).toBe(true),
);

test.each(['0.0.0.0', '::', '[::]', '10.0.0.1', '127.evil.example', 'localhost.example', '1270.0.0.1', ''])(
  '%s is not',
  (host) => expect(isLoopbackHost(host)).toBe(false),
);

test.each([
  ['mqtt://broker.example', true],
  ['tcp://10.0.0.1:1883', true],
  ['redis://redis:6379', true],
  ['not an address', true],
  ['mqtts://broker.example', false],
  ['rediss://redis', false],
  ['mqtt://127.0.0.1:1883', false],
  ['mqtt://[::1]:1883', false],
])('what goes to %s can be read on the way: %s', (url, readable) =>
  expect(isReadableOnTheWay(url)).toBe(readable),
);
