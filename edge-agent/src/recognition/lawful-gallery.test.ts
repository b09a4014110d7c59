import type { ListEntryRecord } from '@watchpost/contracts/lists';
import type { GalleryEntry } from '@watchpost/inference';
import { expect, it } from 'vitest';
import { listEntryRecord } from '../testing/list-entry-record.ts';
import { checkRecords } from './lawful-gallery.ts';

const nowMs = Date.UTC(2026, 10, 1);
const record: ListEntryRecord = listEntryRecord('entry-7', 'watch', ['gate'], nowMs);
const entry: GalleryEntry = {
  entryId: 'entry-7',
  list: 'watch',
  label: 'a name',
  expiresAt: Date.parse(record.expires),
  areas: ['gate'],
  record,
};
const refusal = (changed: object): string => {
  try {
    checkRecords({ entries: () => [{ ...entry, ...changed }] });
    return 'accepted';
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as { path: string }).path}`;
  }
};

it('an entry with its record is accepted, however long ago it was made', () => {
  expect(refusal({})).toBe('accepted');
});

it.each([
  [{ record: undefined }, ''],
  [{ record: { ...record, approvals: record.approvals.slice(0, 1) } }, '/approvals'],
  [{ record: { ...record, legalBasis: '\u3000' } }, '/legalBasis'],
  [{ entryId: 'entry-8', record }, '/entry'],
  [{ list: 'access' }, '/list'],
  [{ expiresAt: entry.expiresAt + 1 }, '/expires'],
  [{ areas: ['gate', 'lobby'] }, '/area'],
  [{ areas: undefined }, '/area'],
])('%j is refused at %s', (changed, path) => {
  const id = 'entryId' in changed ? changed.entryId : 'entry-7';
  expect(refusal(changed)).toBe(`watchlist.incomplete /gallery/${id}/record${path}`);
});
