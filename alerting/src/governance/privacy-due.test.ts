import type { SitePrivacy } from '@watchpost/contracts/site';
import { siteIdSchema } from '@watchpost/contracts/wire';
import { describe, expect, it } from 'vitest';
import { testPrivacy } from '../testing/test-privacy.ts';
import { dayOf, overdueReviews, privacyList } from './privacy-due.ts';

const id = siteIdSchema.parse('park');
const timeZone = 'Asia/Shanghai';
const at = (time: string) => Date.parse(time);
const dueAt = (privacy: SitePrivacy, time: string) =>
  privacyList([{ id, timeZone, privacy }], at(time)).records[0]?.due;
const withRecord = (change: object): SitePrivacy => ({
  ...testPrivacy,
  records: testPrivacy.records.map((record) => ({ ...record, ...change })),
});

it('a day is that of the site: an evening of Greenwich is the next morning in Shanghai', () => {
  expect(dayOf(at('2026-01-10T20:00:00Z'), timeZone)).toBe('2026-01-11');
  expect(dayOf(at('2026-01-10T20:00:00Z'), 'America/St_Johns')).toBe('2026-01-10');
});

describe('what is due', () => {
  it('follows from the policy where the record names no day, the earlier one first', () => {
    expect(dueAt(testPrivacy, '2026-01-12T00:00:00Z')).toEqual([
      { what: 'sign', by: '2026-07-09', state: 'later' },
      { what: 'assessment', by: '2027-01-11', state: 'later' },
    ]);
  });

  it('is what the record names', () => {
    const [record] = testPrivacy.records;
    const privacy = withRecord({
      assessment: { ...record?.assessment, reviewBy: '2026-03-01' },
      noticeSign: { ...record?.noticeSign, checkBy: '2026-04-01' },
    });
    expect(dueAt(privacy, '2026-01-12T00:00:00Z')).toEqual([
      { what: 'assessment', by: '2026-03-01', state: 'later' },
      { what: 'sign', by: '2026-04-01', state: 'later' },
    ]);
  });

  it('is in time until its day ends at the site, and soon thirty days before', () => {
    const signAt = (time: string) => dueAt(testPrivacy, time)?.find(({ what }) => what === 'sign')?.state;
    expect(signAt('2026-06-08T15:59:59Z')).toBe('later');
    expect(signAt('2026-06-08T16:00:00Z')).toBe('soon');
    expect(signAt('2026-07-09T15:59:59Z')).toBe('soon');
    expect(signAt('2026-07-09T16:00:00Z')).toBe('overdue');
  });

  it('is counted when it is overdue', () => {
    const site = { id, timeZone, privacy: testPrivacy };
    expect(overdueReviews(site, at('2026-07-09T00:00:00Z'))).toBe(0);
    expect(overdueReviews(site, at('2026-08-01T00:00:00Z'))).toBe(1);
    expect(overdueReviews(site, at('2027-02-01T00:00:00Z'))).toBe(2);
  });
});

it('cameras without a record are named: they look for no faces', () => {
  const { without, records } = privacyList(
    [{ id, timeZone, privacy: testPrivacy }],
    at('2026-02-01T00:00:00Z'),
  );
  expect(without.map((camera) => camera.id)).toEqual(['cam2']);
  expect(records[0]?.cameras.map((camera) => [camera.id, camera.faces])).toEqual([['cam1', true]]);
});

it('of several sites the record with the earliest day comes first', () => {
  const other = siteIdSchema.parse('yard');
  const early = withRecord({
    noticeSign: { place: 'door', checkedAt: '2025-01-01T00:00:00.000Z' },
  });
  const { records } = privacyList(
    [
      { id, timeZone, privacy: testPrivacy },
      { id: other, timeZone, privacy: early },
    ],
    at('2026-02-01T00:00:00Z'),
  );
  expect(records.map(({ site }) => site)).toEqual(['yard', 'park']);
});
