import { type AuditEntry, auditEntrySchema } from '@watchpost/contracts/api';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ChainCheck, chainBegin, firstPrevious, hashOfEntry } from './audit-chain.ts';
import { canonicalJson } from './canonical-json.ts';

function chain(length: number, previous = firstPrevious, from = 1): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let position = from; position < from + length; position += 1) {
    const entry = {
      ...{ position, at: '2026-11-27T08:00:00.000Z', site: null, actor: 'system', action: 'log_in' },
      ...{ subject: null, reason: null, outcome: 'done', details: { number: position } },
      previous: entries.at(-1)?.hash ?? previous,
    } as Omit<AuditEntry, 'hash'>;
    entries.push(auditEntrySchema.parse({ ...entry, hash: hashOfEntry(entry) }));
  }
  return entries;
}

function faultOf(entries: readonly AuditEntry[], check = new ChainCheck()) {
  for (const entry of entries) if (!check.take(entry)) break;
  return check.end();
}

it('a text has one spelling: that of RFC 8785', () => {
  // The example of the RFC, section 3.2.3, without its fractions.
  const value = { '\u20ac': 'Euro Sign', '\r': 'CR', '\ufb33': 'Dalet', '1': 'One', '\ud83d\ude00': 'Smile' };
  expect(canonicalJson(value)).toBe(
    '{"\\r":"CR","1":"One","\u20ac":"Euro Sign","\ud83d\ude00":"Smile","\ufb33":"Dalet"}',
  );
  expect(() => canonicalJson(0.5)).toThrow(RangeError);
  expect(() => canonicalJson('\ud800')).toThrow(RangeError);
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), (object) => {
      const shuffled = Object.fromEntries(Object.entries(object).reverse());
      expect(canonicalJson(shuffled)).toBe(canonicalJson(object));
      expect(JSON.parse(canonicalJson(object))).toEqual({ ...object });
    }),
  );
});

it('a whole chain has no fault, and says how far it was followed', () => {
  const entries = chain(5);
  const check = new ChainCheck();
  expect(faultOf(entries, check)).toBeUndefined();
  expect([check.entries, check.head]).toEqual([5, { position: 5, hash: entries[4]?.hash }]);
  expect(faultOf([])).toBeUndefined();
});

const fields: [string, Partial<AuditEntry>][] = [
  ['at', { at: '2026-11-27T08:00:00.001Z' }],
  ['site', { site: 'site-b' as AuditEntry['site'] }],
  ['actor', { actor: { account: '1', name: 'eve' } }],
  ['action', { action: 'log_out' }],
  ['subject', { subject: { kind: 'entry', id: '1' } }],
  ['reason', { reason: 'none' }],
  ['outcome', { outcome: 'refused' }],
  ['details', { details: { number: 4 } }],
  ['hash', { hash: firstPrevious }],
];
it.each(fields)('an entry whose %s is another is found', (_, changed) => {
  const entries = chain(5);
  entries[2] = { ...(entries[2] as AuditEntry), ...changed };
  expect(faultOf(entries)).toEqual({ fault: 'changed', position: 3 });
});

it('an entry that was written anew, with the right hash, does not fit the next one', () => {
  const entries = chain(5);
  const forged = { ...(entries[2] as AuditEntry), reason: 'forged' };
  entries[2] = { ...forged, hash: hashOfEntry(forged) };
  expect(faultOf(entries)).toEqual({ fault: 'unlinked', position: 4 });
});

it('what was removed, swapped, put in or cut off at the beginning is found at its place', () => {
  const entries = chain(6);
  expect(faultOf(entries.toSpliced(3, 1))).toEqual({ fault: 'missing', position: 4 });
  expect(faultOf(entries.slice(1))).toEqual({ fault: 'missing', position: 1 });
  const [third, fourth] = [entries[2] as AuditEntry, entries[3] as AuditEntry];
  expect(faultOf(entries.toSpliced(2, 2, fourth, third))).toEqual({ fault: 'missing', position: 3 });
  expect(faultOf(entries.toSpliced(3, 0, third))).toEqual({ fault: 'missing', position: 4 });
});

it('a tail that was removed is found with a head that was noted outside', () => {
  const entries = chain(6);
  const noted = { position: 5, hash: entries[4]?.hash ?? '' };
  expect(faultOf(entries, new ChainCheck(chainBegin, noted))).toBeUndefined();
  expect(faultOf(entries.slice(0, 4), new ChainCheck(chainBegin, noted))).toEqual({
    fault: 'head',
    position: 5,
  });
  const other = { position: 5, hash: firstPrevious };
  expect(faultOf(entries, new ChainCheck(chainBegin, other))).toEqual({ fault: 'head', position: 5 });
});

it('what is left after its beginning was closed is followed from the anchor', () => {
  const entries = chain(6);
  const anchor = { position: 3, hash: entries[2]?.hash ?? '' };
  expect(faultOf(entries.slice(3), new ChainCheck(anchor))).toBeUndefined();
  expect(faultOf(entries.slice(4), new ChainCheck(anchor))).toEqual({ fault: 'missing', position: 4 });
  expect(faultOf(entries.slice(3), new ChainCheck({ position: 3, hash: firstPrevious }))).toEqual({
    fault: 'unlinked',
    position: 4,
  });
});
