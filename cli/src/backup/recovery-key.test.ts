import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatRecoveryKey, newRecoveryKey, parseRecoveryKey } from './recovery-key.ts';

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
const alphabet = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];

test('a key that was written down is the same key, however it is typed', () => {
  fc.assert(
    fc.property(keys, (key) => {
      const text = formatRecoveryKey(key);
      for (const typed of [
        text,
        text.toLowerCase(),
        text.replaceAll('-', ' '),
        ` ${text.replaceAll('-', '')}\n`,
        text.slice('WPR1-'.length),
        text.replaceAll('0', 'o').replaceAll('1', 'l'),
      ])
        expect(Buffer.from(parseRecoveryKey(typed))).toEqual(Buffer.from(key));
    }),
    { numRuns: 50 },
  );
});

test('one wrong character is found, with its group', () => {
  fc.assert(
    fc.property(keys, fc.nat(64), fc.constantFrom(...alphabet), (key, at, other) => {
      const text = formatRecoveryKey(key).replace('WPR1-', '').replaceAll('-', '');
      fc.pre(text[at] !== other);
      const wrong = text.slice(0, at) + other + text.slice(at + 1);
      expect(() => parseRecoveryKey(wrong)).toThrow(
        expect.objectContaining({ code: 'backup.key_form', details: { group: Math.floor(at / 5) + 1 } }),
      );
    }),
  );
});

test('neighbours that changed places are found, and so are groups', () => {
  fc.assert(
    fc.property(keys, fc.nat(63), (key, at) => {
      const text = formatRecoveryKey(key).replace('WPR1-', '').replaceAll('-', '');
      fc.pre(text[at] !== text[at + 1] && at % 5 !== 4);
      const wrong = text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
      expect(() => parseRecoveryKey(wrong)).toThrow(expect.objectContaining({ code: 'backup.key_form' }));
    }),
  );
  const [name, first, second, ...rest] = formatRecoveryKey(newRecoveryKey()).split('-');
  const swapped = [name, second, first, ...rest].join('-');
  expect(() => parseRecoveryKey(swapped)).toThrow(expect.objectContaining({ code: 'backup.key_form' }));
});

test('what is too short or no key at all is refused with what was expected', () => {
  for (const text of ['', 'WPR1-', 'hello', `${formatRecoveryKey(newRecoveryKey())}0`])
    expect(() => parseRecoveryKey(text)).toThrow(expect.objectContaining({ code: 'backup.key_form' }));
});
