import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSignedBy, readLinkToken, writeLinkToken } from './link-token.ts';

const key = randomBytes(32);
const content = fc.record({
  period: fc.nat(0xffff),
  expiresMs: fc.nat(0xffffffff).map((seconds) => seconds * 1000),
  seq: fc.nat(0xffffffff),
  notice: fc.uuid(),
  account: fc.uuid(),
  incident: fc.uuid(),
});

test('what is written is read, and was signed by this key and no other', () => {
  fc.assert(
    fc.property(content, (written) => {
      const token = writeLinkToken(written, key);
      expect(token).toMatch(/^[A-Za-z0-9_-]{100}$/);
      expect(readLinkToken(token)).toEqual(written);
      expect(isSignedBy(token, key)).toBe(true);
      expect(isSignedBy(token, randomBytes(32))).toBe(false);
    }),
  );
});

test('no character may be another one', () => {
  const token = writeLinkToken(
    {
      ...{ period: 2950, expiresMs: 1_795_000_000_000, seq: 7, notice: randomUUID() },
      ...{ account: randomUUID(), incident: randomUUID() },
    },
    key,
  );
  for (let index = 0; index < token.length; index++) {
    const changed = `${token.slice(0, index)}${token[index] === 'A' ? 'B' : 'A'}${token.slice(index + 1)}`;
    expect(readLinkToken(changed) !== undefined && isSignedBy(changed, key), changed).toBe(false);
  }
});

test('what is no token is none, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 150 }), (text) => {
      expect(readLinkToken(text)).toBeUndefined();
    }),
  );
});
