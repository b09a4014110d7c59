import { describe, expect, it } from 'vitest';
import { hasValidCheckDigit } from './gtin.ts';
import { UnknownCodeCounter, unknownKindOf } from './unknown-codes.ts';

describe('codes that mean nothing here', () => {
  it('are counted by what they look like, with the length of the last and none of its words', () => {
    const counter = new UnknownCodeCounter();
    expect(counter.snapshot()).toBeUndefined();
    counter.count('text', 12);
    counter.count('web_address', 40);
    counter.count('text', 7);
    expect(counter.snapshot()).toEqual({
      counts: { text: 2, web_address: 1 },
      last: { kind: 'text', length: 7 },
    });
  });
  it.each([
    ['gs1', '(01)09506000134352', 'gs1'],
    ['url', 'https://example.org/', 'web_address'],
    ['plate', 'https://example.org/a/12345678?k=1&s=2', 'plate'],
    ['text', ' 4006381333931 ', 'ean'],
    ['text', 'Max Mustermann', 'text'],
  ])('%s %j is %s', (kind, text, unknown) => expect(unknownKindOf({ kind, text })).toBe(unknown));
});

it('article numbers are told by their check digit', () => {
  for (const good of ['4006381333931', '96385074', '036000291452', '10614141000415'])
    expect(hasValidCheckDigit(good)).toBe(true);
  for (const bad of ['4006381333932', '123456789', 'abcdefgh', ''])
    expect(hasValidCheckDigit(bad)).toBe(false);
});
