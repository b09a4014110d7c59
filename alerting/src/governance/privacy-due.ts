import type { DueState, PrivacyDue, PrivacyEntry, PrivacyList } from '@watchpost/contracts/api';
import type { PrivacyRecord, PrivacySection, SitePrivacy } from '@watchpost/contracts/site';
import type { SiteId } from '@watchpost/contracts/wire';

const dayMs = 86_400_000;

/** What somebody has to look at again, and until when. */
type Review = Pick<PrivacyDue, 'what' | 'by'>;

/** The day of an instant (ms since the epoch) in an IANA time zone, `2026-11-27`: days sort as text. */
export const dayOf = (timeMs: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    timeMs,
  );

/** A day so many days later; days of the calendar have no zone and no clock changes. */
const daysLater = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

function reviewsOf(
  { assessment, noticeSign }: PrivacyRecord,
  { assessmentReview, signCheck }: PrivacySection,
  timeZone: string,
): readonly Review[] {
  const after = (time: string, days: number) => daysLater(dayOf(Date.parse(time), timeZone), days);
  return [
    { what: 'assessment', by: assessment.reviewBy ?? after(assessment.approvedAt, assessmentReview) },
    { what: 'sign', by: noticeSign.checkBy ?? after(noticeSign.checkedAt, signCheck) },
  ];
}

function stateOf(by: string, today: string, noticeBefore: number): DueState {
  if (by < today) return 'overdue';
  return by <= daysLater(today, noticeBefore) ? 'soon' : 'later';
}

/** A site as the list needs it. */
export interface RecordedSite {
  readonly id: SiteId;
  /** IANA time zone. */
  readonly timeZone: string;
  readonly privacy: SitePrivacy;
}

/**
 * What is on record of looking for faces on these sites at `nowMs`, the record with the earliest due day
 * first. A day counts as in time until it ends at the site.
 */
export function privacyList(sites: readonly RecordedSite[], nowMs: number): PrivacyList {
  const records = sites.flatMap((site) => entriesOf(site, nowMs));
  const firstOf = ({ due }: PrivacyEntry) => due[0]?.by ?? '';
  return {
    records: records.toSorted((a, b) => (firstOf(a) < firstOf(b) ? -1 : 1)),
    without: sites.flatMap(({ id: site, privacy: { cameras, records: known } }) => {
      const covered = new Set<string>(known.flatMap((record) => record.cameras));
      return cameras.flatMap(({ id, name, zone }) => (covered.has(id) ? [] : [{ site, id, name, zone }]));
    }),
    slowWithdrawals: sites.flatMap(({ id: site, privacy: { slowWithdrawal } }) =>
      slowWithdrawal ? [{ site, ...slowWithdrawal }] : [],
    ),
  };
}

/** How many reviews of a site are overdue. */
export const overdueReviews = (site: RecordedSite, nowMs: number): number =>
  entriesOf(site, nowMs).reduce(
    (sum, { due }) => sum + due.filter(({ state }) => state === 'overdue').length,
    0,
  );

function entriesOf({ id, timeZone, privacy }: RecordedSite, nowMs: number): readonly PrivacyEntry[] {
  const today = dayOf(nowMs, timeZone);
  return privacy.records.map(({ cameras, ...record }) => ({
    ...record,
    site: id,
    cameras: privacy.cameras.filter((camera) => cameras.includes(camera.id)),
    due: reviewsOf({ cameras, ...record }, privacy.policy, timeZone)
      .map(({ what, by }) => ({ what, by, state: stateOf(by, today, privacy.policy.noticeBefore) }))
      .toSorted((a, b) => (a.by < b.by ? -1 : 1)),
  }));
}
