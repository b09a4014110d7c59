import { expect, it } from 'vitest';
import { WatchpostError } from '../errors/index.ts';
import { parseListEntryRecord, parseStoredListEntryRecord } from '../lists/index.ts';

const record = {
  entry: 'entry-7',
  list: 'watch',
  legalBasis: 'court order 1/2026',
  authority: 'district court',
  purpose: 'find a missing person',
  area: ['gate'],
  expires: '2027-01-01T00:00:00.000Z',
  approvals: [
    { by: 'ada', at: '2026-11-01T00:00:00.000Z' },
    { by: 'bo', at: '2026-11-01T00:00:00.000Z' },
  ],
};
const now = Date.UTC(2026, 10, 1);
const refusal = (value: unknown): string => {
  try {
    parseListEntryRecord(value, now);
  } catch (error) {
    if (error instanceof WatchpostError) return `${error.code} ${error.path}`;
  }
  return 'accepted';
};

it('a complete record approved by two people is accepted', () => {
  expect(refusal(record)).toBe('accepted');
});

it.each(Object.keys(record))('without %s it is refused', (field) => {
  expect(refusal({ ...record, [field]: undefined })).toBe(`watchlist.incomplete /${field}`);
});

it('one person approving twice is one person', () => {
  expect(refusal({ ...record, approvals: [record.approvals[0], record.approvals[0]] })).toBe(
    'watchlist.incomplete /approvals',
  );
  expect(refusal({ ...record, list: 'access', approvals: [record.approvals[0]] })).toBe('accepted');
});

it('an entry that has expired already is refused', () => {
  expect(refusal({ ...record, expires: '2026-10-31T00:00:00.000Z' })).toBe('watchlist.incomplete /expires');
});

const approvals = (...by: string[]) => by.map((name) => ({ by: name, at: '2026-11-01T00:00:00.000Z' }));

it.each([
  ['in other letters', ['anna', 'Anna']],
  ['with a blank behind', ['anna', 'anna ']],
  ['with an invisible letter', ['anna', 'an\u200bna']],
  ['with a look-alike letter', ['anna', '\u0430nna']],
  ['in full width', ['anna', '\uff41nna']],
  ['composed otherwise', ['ren\u00e9', 'rene\u0301']],
])('one person written %s is not two', (_, names) => {
  expect(refusal({ ...record, approvals: approvals(...names) })).toMatch(
    /^watchlist\.incomplete \/approvals/,
  );
});

it.each(['', '  ', '\u3000', '\u200b\u200b\u200b', '-', '...', 'x'])(
  'a legal basis of %j says nothing',
  (text) => {
    for (const field of ['legalBasis', 'authority', 'purpose'])
      expect(refusal({ ...record, [field]: text })).toBe(`watchlist.incomplete /${field}`);
  },
);

it('Chinese says something', () => {
  expect(refusal({ ...record, legalBasis: '搜查令〔2026〕1号', authority: '法院', purpose: '寻人' })).toBe(
    'accepted',
  );
});

it('an approval of the future is refused, one a moment ahead is not', () => {
  const [first] = record.approvals;
  const at = (time: string) => refusal({ ...record, approvals: [first, { by: 'bo', at: time }] });
  expect(at('2099-01-01T00:00:00.000Z')).toBe('watchlist.incomplete /approvals/1/at');
  expect(at('2026-11-01T00:04:00.000Z')).toBe('accepted');
});

it('an entry lasts as long as its list allows, and no longer', () => {
  expect(refusal({ ...record, expires: '2054-01-01T00:00:00.000Z' })).toBe('watchlist.incomplete /expires');
  expect(refusal({ ...record, expires: '2028-01-01T00:00:00.000Z' })).toBe('watchlist.incomplete /expires');
  expect(refusal({ ...record, list: 'access', expires: '2028-01-01T00:00:00.000Z' })).toBe('accepted');
});

it('a stored record is judged by its own dates, whatever the clock of its reader says', () => {
  expect(parseStoredListEntryRecord(record).entry).toBe('entry-7');
  const refused = (changed: object, path: string) =>
    expect(() => parseStoredListEntryRecord({ ...record, ...changed }, '/gallery/entry-7')).toThrowError(
      expect.objectContaining({ code: 'watchlist.incomplete', path: `/gallery/entry-7${path}` }),
    );
  refused({ legalBasis: ' ' }, '/legalBasis');
  refused({ expires: '2054-01-01T00:00:00.000Z' }, '/expires');
  refused({ expires: '2026-10-01T00:00:00.000Z' }, '/expires');
});
