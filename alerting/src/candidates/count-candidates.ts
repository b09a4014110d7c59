import type { Alert } from '@watchpost/contracts/alert';
import { addCandidateCounts, type CandidateCount } from '../store/candidate-store.ts';
import type { Queryable } from '../store/schema.ts';
import { answerIn, bandOf, candidateOf } from './candidate-of.ts';

/** An alert before and after a change; before is missing where it opened. */
export interface AlertPair {
  readonly before?: Alert | undefined;
  readonly after: Alert;
}

/** What an alert counts as in the threshold report. */
function countOf(alert: Alert | undefined): CandidateCount | undefined {
  const candidate = alert && candidateOf(alert);
  if (!candidate) return undefined;
  const answer = answerIn(alert.disposition);
  return {
    ...{ site: alert.site, device: alert.device, list: candidate.list, band: bandOf(candidate) },
    day: alert.openedAt.slice(0, 10),
    shown: 1,
    confirmed: answer === 'confirmed' ? 1 : 0,
    refused: answer === 'refused' ? 1 : 0,
  };
}

const keyOf = ({ device, list, band, day }: CandidateCount) => `${device} ${list} ${band} ${day}`;

/**
 * What changes are to the counts: what the alerts counted as before is taken away, what they are now added.
 */
export function countChanges(pairs: readonly AlertPair[]): CandidateCount[] {
  const sums = new Map<string, CandidateCount>();
  const add = (count: CandidateCount | undefined, sign: 1 | -1) => {
    if (!count) return;
    const sofar = sums.get(keyOf(count)) ?? { ...count, shown: 0, confirmed: 0, refused: 0 };
    sums.set(keyOf(count), {
      ...sofar,
      shown: sofar.shown + sign * count.shown,
      confirmed: sofar.confirmed + sign * count.confirmed,
      refused: sofar.refused + sign * count.refused,
    });
  };
  for (const { before, after } of pairs) {
    add(countOf(before), -1);
    add(countOf(after), 1);
  }
  // In one order everywhere, so that two commits never wait for each other.
  return [...sums]
    .filter(([, { shown, confirmed, refused }]) => shown !== 0 || confirmed !== 0 || refused !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, count]) => count);
}

/**
 * Counts candidates that were shown and answered, in the transaction that changes their alerts: numbers by
 * camera, list, similarity and day, and nobody behind them.
 */
export async function countCandidates(tx: Queryable, pairs: readonly AlertPair[]): Promise<void> {
  await addCandidateCounts(tx, countChanges(pairs));
}
