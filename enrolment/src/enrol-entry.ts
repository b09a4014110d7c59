import type { EnrolmentResult } from '@watchpost/contracts/enrolment';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { EntryId } from '@watchpost/contracts/wire';
import { combineFaces, dotAt, type FacePipeline } from '@watchpost/inference';
import type { SiteFolder } from './kept/site-folder.ts';
import type { GoodPhoto, PhotoGate } from './photo-gate.ts';

/** False-match rates at which two entries count as one person, or as worth a look. */
const likenesses = [
  { likeness: 'same', rate: 1e-5 },
  { likeness: 'similar', rate: 1e-3 },
] as const;

/**
 * Makes the template of an entry and keeps it with the photos that went into it, in the order in which they
 * came.
 */
export async function enrolEntry(
  site: SiteFolder,
  entry: EntryId,
  photos: readonly Uint8Array[],
  gate: PhotoGate,
): Promise<EnrolmentResult> {
  const good = new Map<number, GoodPhoto>();
  const refused: { index: number; code: string }[] = [];
  for (const [index, photo] of photos.entries()) {
    try {
      good.set(index, await gate.admit(photo));
    } catch (error) {
      if (!(error instanceof WatchpostError)) throw error;
      refused.push({ index, code: error.code });
    }
  }
  const pipeline = await gate.pipeline();
  const faces = [...good].map(([index, { embedding, quality }]) => ({ index, embedding, quality }));
  const { template, kept, outliers } = combineFaces(faces, pipeline.models.threshold);
  for (const index of outliers) refused.push({ index, code: 'enrolment.another_person' });
  refused.sort((a, b) => a.index - b.index);
  if (!template) return { used: 0, refused, duplicates: [] };
  site.entry(entry).replace(
    kept.flatMap(({ index }) => good.get(index)?.jpeg ?? []),
    template,
  );
  return { used: kept.length, refused, duplicates: duplicatesOf(site, entry, template, pipeline) };
}

/** Compares with every other entry of the site; takes about half a millisecond for each. */
function duplicatesOf(
  site: SiteFolder,
  entry: EntryId,
  template: Float32Array,
  { models }: FacePipeline,
): EnrolmentResult['duplicates'] {
  const limits = likenesses.map(({ likeness, rate }) => ({
    likeness,
    // The measured threshold whose rate is the nearest below the wanted one.
    cosine: models.thresholds.find(({ falseMatchRate }) => falseMatchRate <= rate * 1.0001)?.cosine ?? 1,
  }));
  return site
    .entries()
    .flatMap((other) => {
      if (other === entry) return [];
      const its = site.entry(other).template();
      const cosine = its ? dotAt(its, 0, template) : -1;
      const likeness = limits.find((limit) => cosine >= limit.cosine)?.likeness;
      return likeness ? [{ entry: other, likeness, cosine }] : [];
    })
    .toSorted((a, b) => b.cosine - a.cosine)
    .map(({ entry: other, likeness }) => ({ entry: other, likeness }));
}
