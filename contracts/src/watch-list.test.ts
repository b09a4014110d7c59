import { expect, it } from 'vitest';
import { parseListEntryRecord, WatchpostError } from './index.ts';

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
