import { describe, expect, test } from 'vitest';
import { codeAt, stepOf, toBase32, totpUri } from './totp.ts';

const secret = Buffer.from('12345678901234567890');

describe('time-based codes', () => {
  // RFC 6238 appendix B gives eight digits; the last six are the code of six.
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at second %i it is %s', (seconds, code) => {
    expect(codeAt(secret, Math.floor(seconds / 30))).toBe(code);
    expect(stepOf(secret, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
  });

  test('a code of the step before or after is known by its own step, others are not', () => {
    const nowMs = 1_800_000_000_000;
    const now = nowMs / 30_000;
    const of = (step: number) => stepOf(secret, codeAt(secret, step), nowMs);
    expect([-2, -1, 0, 1, 2].map((by) => of(now + by))).toEqual([
      undefined,
      now - 1,
      now,
      now + 1,
      undefined,
    ]);
    expect(stepOf(secret, '12345', nowMs)).toBeUndefined();
  });

  test('what an authenticator reads', () => {
    expect(toBase32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
    expect(totpUri(secret, 'Watchpost', '李 雷')).toBe(
      'otpauth://totp/Watchpost:%E6%9D%8E%20%E9%9B%B7?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Watchpost',
    );
  });
});
