import type { Alert, Disposition } from '@watchpost/contracts/alert';
import {
  type CandidateAnswer,
  type ListKind,
  listKindSchema,
  type SimilarityBand,
} from '@watchpost/contracts/api';
import { candidatePolicy } from './policy.ts';

/** What an alert says of a face that looked like an entry. */
export interface Candidate {
  readonly list: ListKind;
  /** Undefined once a refusal made it forgotten. */
  readonly entry: string | undefined;
  /** Cosine of the match and the one that it needed, −1…1. */
  readonly cosine: number;
  readonly threshold: number;
  /** Measured for the threshold, 0…1. */
  readonly falseMatchRate: number | undefined;
  /** How unlikely a stranger looks this much like anybody in the gallery, 0…1. */
  readonly confidence: number | undefined;
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** The candidate that an alert is about; undefined where it is about something else. */
export function candidateOf({
  eventType,
  details,
}: Pick<Alert, 'eventType' | 'details'>): Candidate | undefined {
  if (eventType !== 'watchpost.face.candidate.v1') return undefined;
  const list = listKindSchema.safeParse(details.list);
  const [cosine, threshold] = [numberOf(details.cosine), numberOf(details.threshold)];
  if (!list.success || cosine === undefined || threshold === undefined) return undefined;
  return {
    ...{ list: list.data, cosine, threshold },
    entry: typeof details.entry === 'string' ? details.entry : undefined,
    falseMatchRate: numberOf(details.falseMatchRate),
    confidence: numberOf(details.confidence),
  };
}

/** How far above the limit a match lies. */
export function bandOf({ cosine, threshold }: Pick<Candidate, 'cosine' | 'threshold'>): SimilarityBand {
  // Scores travel rounded: one that is just at a step is at it.
  const steps = (cosine - threshold) / candidatePolicy.tenfoldCosine + 1e-6;
  if (steps < 1) return 'near';
  return steps < 2 ? 'clear' : 'strong';
}

/** What a disposition says of a candidate: a test or a duplicate says nothing. */
export function answerIn(disposition: Disposition | null): CandidateAnswer | null {
  if (disposition === 'genuine') return 'confirmed';
  return disposition === 'false' || disposition === 'nuisance' ? 'refused' : null;
}

/** A rate as “1 in so many”, as far as anybody measured. */
export function oneIn(rate: number | undefined): number | null {
  if (rate === undefined || Number.isNaN(rate) || rate < 0) return null;
  return Math.max(1, Math.min(candidatePolicy.oneInAtMost, Math.round(1 / rate)));
}
