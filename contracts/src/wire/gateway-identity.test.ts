import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ClaimCode, formatClaimCode, parseClaimCode } from '../wire/index.ts';

const code: ClaimCode = {
  site: 'park',
  gateway: 'gw-1',
  id: 'A'.repeat(11),
  secret: 'b'.repeat(27),
  authority: '_'.repeat(43),
};

it('a claim code is read back as it was written, with the line end of a paste', () => {
  expect(parseClaimCode(`  ${formatClaimCode(code)}\r\n`)).toEqual(code);
});

it('anything else is refused, and the error says nothing of it', () => {
  const good = formatClaimCode(code);
  const bad = fc.oneof(
    fc.string(),
    fc.nat(good.length - 2).map((length) => good.slice(0, length)),
    fc.constantFrom(
      `${good}.x`,
      good.replace('WPC1', 'WPC2'),
      good.replace('park', 'pa rk'),
      `${good}=`,
      'x'.repeat(1e5),
    ),
  );
  fc.assert(
    fc.property(bad, (text) => {
      const failed = (() => {
        try {
          return parseClaimCode(text);
        } catch (error) {
          return error as Error;
        }
      })();
      expect(failed).toMatchObject({ code: 'identity.claim_code', details: {} });
    }),
  );
});
