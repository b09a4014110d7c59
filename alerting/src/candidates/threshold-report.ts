import {
  type SimilarityBand,
  similarityBands,
  type ThresholdReport,
  type ThresholdRow,
} from '@watchpost/contracts/api';
import { deviceIdSchema, siteIdSchema, type ZoneId } from '@watchpost/contracts/wire';
import { type CandidateCount, candidateSums, expectedSums } from '../store/candidate-store.ts';
import type { Queryable } from '../store/schema.ts';
import { candidatePolicy } from './policy.ts';

type Counted = Pick<CandidateCount, 'shown' | 'confirmed' | 'refused'>;

const dayMs = 86_400_000;

/** What more refused candidates than chance explains look like, by the expected number (Poisson). */
export function findingOf(refused: number, expected: number | undefined): ThresholdRow['finding'] {
  if (refused < candidatePolicy.findingFrom) return 'too_few';
  if (expected === undefined) return 'no_expectation';
  const most = expected + candidatePolicy.aboveDeviations * Math.sqrt(Math.max(1, expected));
  return refused > most ? 'above' : 'as_expected';
}

/**
 * Numbers of a stretch of days can be a little off where an alert is older than they are kept: never below
 * nothing, and nothing is answered that was not shown.
 */
function sound({ shown, confirmed, refused }: Counted): Counted {
  const [yes, no] = [Math.max(0, confirmed), Math.max(0, refused)];
  return { shown: Math.max(shown, yes + no), confirmed: yes, refused: no };
}

const sum = (counts: readonly Counted[]): Counted => ({
  shown: counts.reduce((all, { shown }) => all + shown, 0),
  confirmed: counts.reduce((all, { confirmed }) => all + confirmed, 0),
  refused: counts.reduce((all, { refused }) => all + refused, 0),
});

/** What {@link thresholdReport} is asked for. */
export interface ThresholdReportRequest {
  readonly sites: readonly string[];
  /** To which zones of a site it is narrowed. */
  readonly within: Readonly<Record<string, readonly string[]>>;
  readonly days: number;
  readonly nowMs: number;
  /** Where a camera is; undefined where the site has none of that name. */
  readonly zoneOf: (site: string, device: string) => ZoneId | undefined;
}

/**
 * Candidates by camera and list, beside the number to expect of people on no list. Cameras that a site no
 * longer has are in the report of who sees the whole site.
 */
export async function thresholdReport(
  db: Queryable,
  { sites, within, days, nowMs, zoneOf }: ThresholdReportRequest,
): Promise<ThresholdReport> {
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const from = dayOf(nowMs - (days - 1) * dayMs);
  const [counts, expectations] = [await candidateSums(db, sites, from), await expectedSums(db, sites, from)];
  const keys = new Map(
    [...counts, ...expectations].map(({ site, device, list }) => [
      `${site} ${device} ${list}`,
      { site, device, list },
    ]),
  );
  const rows = [...keys.values()].flatMap(({ site, device, list }): ThresholdRow[] => {
    const zone = zoneOf(site, device);
    const seen = within[site];
    if (seen && !(zone !== undefined && seen.includes(zone))) return [];
    const isOfRow = (one: { site: string; device: string; list: string }) =>
      one.site === site && one.device === device && one.list === list;
    const own = counts.filter(isOfRow);
    const bands = similarityBands.map((band: SimilarityBand) => ({
      band,
      ...sound(sum(own.filter((one) => one.band === band))),
    }));
    const all = sum(bands);
    const expected = expectations.find(isOfRow);
    return [
      {
        ...{ site: siteIdSchema.parse(site), device: deviceIdSchema.parse(device), list, bands, ...all },
        zone: zone ?? null,
        expected: expected
          ? { falseCandidates: expected.false_candidates, hours: expected.seconds / 3600 }
          : null,
        finding: findingOf(all.refused, expected?.false_candidates),
      },
    ];
  });
  const order = (row: ThresholdRow) =>
    `${row.finding === 'above' ? 0 : 1} ${row.site} ${row.device} ${row.list}`;
  return {
    from,
    until: dayOf(nowMs),
    rows: rows.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)),
  };
}
