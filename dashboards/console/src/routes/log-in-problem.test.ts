import { expect, it } from 'vitest';
import { logInProblemOf } from './log-in-problem.ts';

it('a log-in that came back without success says its code behind #, and nothing else does', () => {
  expect(logInProblemOf({ hash: '#log-in=account.oidc_no_role' })).toBe('account.oidc_no_role');
  for (const hash of ['', '#', '#log-in=', '#log-in=<b>', '#log-in=a b', '#x'])
    expect(logInProblemOf({ hash })).toBeNull();
});
