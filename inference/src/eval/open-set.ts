import { Gallery } from '../gallery/gallery.ts';
import type { ModelSet } from '../models/open-model-set.ts';
import { expectedFalseCandidates, falseMatchRateAt } from '../track/calibration.ts';
import type { Figure } from './figures.ts';

/** A picture's person and embedding. */
export interface Probe {
  readonly person: string;
  readonly embedding: Float32Array;
}

/**
 * What a watch-list meets: every second person (in order of names) is enrolled with one picture; the others
 * are strangers. Of the strangers' pictures, the share that becomes somebody's candidate at the default
 * threshold, beside the share that the measured false-match rate predicts for a gallery of this size; of
 * further pictures of the enrolled, the share that becomes a candidate for the right person.
 */
export function openSet(
  probes: readonly Probe[],
  models: Pick<ModelSet, 'threshold' | 'thresholds' | 'dimension'>,
): Figure[] {
  const people = [...new Set(probes.map(({ person }) => person))].sort();
  const enrolled = new Set(people.filter((_, i) => i % 2 === 0));
  const gallery = new Gallery({ dimension: models.dimension });
  const known = new Set<string>();
  const strangers: Probe[] = [];
  const mates: Probe[] = [];
  for (const probe of probes) {
    if (!enrolled.has(probe.person)) strangers.push(probe);
    else if (known.has(probe.person)) mates.push(probe);
    else {
      known.add(probe.person);
      gallery.add({ entryId: probe.person, list: 'watch', expiresAt: 1 }, probe.embedding);
    }
  }
  const candidateOf = ({ embedding }: Probe) => {
    const match = gallery.match(embedding, 0);
    return match && match.cosine >= models.threshold ? match.entry.entryId : null;
  };
  const mistaken = strangers.filter((probe) => candidateOf(probe) !== null).length;
  const found = mates.filter((probe) => candidateOf(probe) === probe.person).length;
  const rate = falseMatchRateAt(models.threshold, models.thresholds);
  const percent = (figure: string, value: number, n: number): Figure => ({
    figure,
    value: 100 * value,
    unit: '%',
    n,
  });
  return [
    { figure: 'lfw_open_set_gallery', value: gallery.size, unit: 'entries', n: gallery.size },
    percent('lfw_open_set_false_candidates', mistaken / Math.max(1, strangers.length), strangers.length),
    percent('lfw_open_set_expected', expectedFalseCandidates(rate, gallery.size, 1), strangers.length),
    percent('lfw_open_set_found', found / Math.max(1, mates.length), mates.length),
  ];
}
