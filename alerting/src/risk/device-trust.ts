import type { Disposition } from '@watchpost/contracts/alert';
import { trustPolicy } from './policy.ts';

/**
 * What resolved alerts of a device about one kind of event turned out to be. By kind, because a camera whose
 * face candidates were wrong reads passes as well as before.
 */
export interface DispositionCounts {
  readonly genuine: number;
  /** `false` and `nuisance`. */
  readonly mistaken: number;
}

/** Of a device of which no alert was resolved yet. */
export const noDispositions: DispositionCounts = { genuine: 0, mistaken: 0 };

const { prior } = trustPolicy;

/** Trust of a device of which nothing is known, 0…1. */
export const trustPriorMean = prior.genuine / (prior.genuine + prior.mistaken);

/** Posterior mean of the share of a device's alerts that are genuine, 0…1 (Beta–binomial). */
export function trustMean(counts: DispositionCounts): number {
  const genuine = prior.genuine + counts.genuine;
  return genuine / (genuine + prior.mistaken + counts.mistaken);
}

/** How a disposition counts: a test says nothing about the device, a duplicate was already counted. */
export function countsAs(disposition: Disposition): keyof DispositionCounts | undefined {
  if (disposition === 'genuine') return 'genuine';
  return disposition === 'false' || disposition === 'nuisance' ? 'mistaken' : undefined;
}
