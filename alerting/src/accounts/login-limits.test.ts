import { expect, test } from 'vitest';
import { addressGroup } from './address-group.ts';
import { LoginLimits, type LoginTry } from './login-limits.ts';
import { loginPolicy } from './policy.ts';

let nowMs = 0;
const limits = () => new LoginLimits(loginPolicy, () => nowMs);
const outcome = async (on: LoginLimits, attempt: LoginTry, result: 'right' | 'wrong') =>
  on.admit(attempt).then(
    (admitted) => {
      admitted.settle(result);
      return admitted.lane;
    },
    (error: { code: string }) => error.code,
  );

test('five wrong ones from a place, then one a minute; a browser that was in before is not slowed', async () => {
  const on = limits();
  const place = { account: 'a', group: '192.0.2.1' };
  for (let turn = 0; turn < 5; turn++) expect(await outcome(on, place, 'wrong')).toBe('new');
  expect(await outcome(on, place, 'right')).toBe('api.login_slowed');
  expect(await outcome(on, { ...place, device: 'd' }, 'right')).toBe('known');
  nowMs += 60_000;
  expect(await outcome(on, place, 'right')).toBe('new');
});

test('an account is tried thirty times from everywhere, then only by places that did not fail on it', async () => {
  const on = limits();
  const from = (index: number) => ({ account: 'a', group: `192.0.2.${index}` });
  for (let turn = 0; turn < 30; turn++) expect(await outcome(on, from(turn % 10), 'wrong')).toBe('new');
  expect(await outcome(on, from(3), 'right')).toBe('api.login_slowed');
  for (let turn = 0; turn < 100; turn++) expect(await outcome(on, from(200), 'right')).toBe('new');
  for (let turn = 0; turn < 50; turn++) expect(await outcome(on, from(20 + turn), 'wrong')).toBe('new');
  expect(await outcome(on, from(250), 'wrong')).toBe('api.login_slowed');
  expect(on.sinceAttackMs).toBe(0);
});

test('ten right ones at once from one place all get in; of ten wrong ones five are looked at', async () => {
  for (const [result, admitted] of [
    ['right', 10],
    ['wrong', 5],
  ] as const) {
    const on = limits();
    const tries = Array.from({ length: 10 }, () => outcome(on, { account: 'a', group: 'g' }, result));
    expect((await Promise.all(tries)).filter((lane) => lane === 'new')).toHaveLength(admitted);
  }
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::ffff:c000:207', '192.0.2.7'],
  ['2001:db8:0:7::1', '2001:db8:0:7::/64'],
  ['2001:db8:0:7:ffff:1:2:3', '2001:db8:0:7::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s belongs to %s', (address, group) => {
  expect(addressGroup(address)).toBe(group);
});
