import { writeFile } from 'node:fs/promises';
import type { FaceObservation } from '../face/observation.ts';
import { createFacePipeline } from '../face/pipeline.ts';
import { decodeImage } from '../frame/decode-image.ts';
import { dotAt } from '../gallery/search.ts';
import { type ModelSet, type ModelSetOptions, openModelSet } from '../models/open-model-set.ts';
import { recallBySize } from './detect-recall.ts';
import { drawPairs } from './draw-pairs.ts';
import { type Figure, progress } from './figures.ts';
import { openSet, type Probe } from './open-set.ts';
import { accuracyByFold, type PairScore, rateAtFalseMatches } from './pair-statistics.ts';
import { badData, readDataFile } from './read-data.ts';

interface Pair {
  readonly fold: number;
  readonly same: boolean;
  readonly a: string;
  readonly b: string;
}

/** What to evaluate with: another model set than the default, and an SVG file to write. */
export interface FaceEvaluation extends ModelSetOptions {
  readonly picture?: string;
}

/**
 * Verification on LFW-type pairs in `dir` (`pairs.txt`, `images/NAME/NAME_%04d.jpg`). The gate is open, as
 * the protocol wants an answer for every pair; the face nearest to the centre is taken; a pair with a picture
 * without a face counts as cosine −1, that is as "different". Accuracy: best threshold of the other folds,
 * applied to the fold. TAR at FMR: threshold from all pairs of pictures of different people.
 */
export async function evaluateFaces(
  dir: string,
  { picture, ...chosen }: FaceEvaluation = {},
): Promise<Figure[]> {
  const pairs = parsePairs((await readDataFile(dir, 'pairs.txt')).toString('utf8'));
  const images = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const models = await openModelSet(chosen);
  const faces = await embedAll(dir, images, models);
  const bySize = await recallBySize(dir, images, models);
  await models.close();
  const scores: PairScore[] = pairs.map(({ fold, same, a, b }) => ({
    fold,
    same,
    cosine: cosineOf(faces.get(a), faces.get(b)),
  }));
  const found = images.filter((image) => faces.get(image)).length;
  const { mean, deviation } = accuracyByFold(scores);
  const genuine = scores.filter(({ same }) => same).map(({ cosine }) => cosine);
  const impostors = crossCosines(images, faces);
  if (picture) await writeFile(picture, drawPairs(genuine, impostors, models.threshold));
  return [
    { figure: 'lfw_accuracy', value: 100 * mean, unit: '%', n: pairs.length },
    { figure: 'lfw_accuracy_sd', value: 100 * deviation, unit: '%', n: pairs.length },
    { figure: 'lfw_detect_recall', value: (100 * found) / images.length, unit: '%', n: images.length },
    ...[1e-2, 1e-3, 1e-4, 1e-5].flatMap((rate) => {
      const { threshold, share } = rateAtFalseMatches(genuine, impostors, rate);
      const name = `1e-${Math.round(-Math.log10(rate))}`;
      return [
        { figure: `lfw_tar_fmr_${name}`, value: 100 * share, unit: '%', n: genuine.length },
        { figure: `lfw_cosine_fmr_${name}`, value: threshold, unit: 'cosine', n: impostors.length },
      ];
    }),
    ...bySize,
    ...missesByQuality(pairs, faces, models.threshold),
    ...openSet(probesOf(images, faces), models),
  ];
}

/** @throws WatchpostError `inference.evaluation_data` with the line that is no pair */
function parsePairs(text: string): Pair[] {
  const [head = '', ...lines] = text.trim().split('\n');
  // “folds, pairs per class” in LFW’s view 2, “pairs per class” alone in its view 1
  const perClass = Number(head.trim().split('\t').at(-1));
  const malformed = (line: number, expected: string) => badData(`pairs.txt/${line}`, expected);
  if (!(perClass > 0) || lines.length === 0)
    throw malformed(1, 'folds, a tab, pairs per class; then the pairs');
  return lines.map((line, i) => {
    const [name = '', first = '', second = '', third] = line.trim().split('\t');
    const same = third === undefined;
    if (![first, same ? second : third].every((number) => /^\d{1,4}$/.test(number)))
      throw malformed(i + 2, 'name, number, number, or name, number, name, number, with tabs between');
    const fold = Math.floor(i / (2 * perClass));
    return { fold, same, a: imageOf(name, first), b: same ? imageOf(name, second) : imageOf(second, third) };
  });
}

const imageOf = (name: string, number: string) => `${name}/${name}_${number.padStart(4, '0')}.jpg`;

async function embedAll(
  dir: string,
  images: readonly string[],
  models: ModelSet,
): Promise<Map<string, FaceObservation>> {
  const open = { minSizePx: 0, minSharpness: 0, maxYaw: 180, maxPitch: 180, minExposure: 0, maxOcclusion: 1 };
  const pipeline = createFacePipeline(models, open);
  const faces = new Map<string, FaceObservation>();
  for (const [i, image] of images.entries()) {
    const frame = await decodeImage(await readDataFile(dir, `images/${image}`));
    const offCentre = ({ box }: FaceObservation) =>
      Math.hypot(box.x + box.width / 2 - frame.width / 2, box.y + box.height / 2 - frame.height / 2);
    const [face] = (await pipeline.analyse(frame)).toSorted((a, b) => offCentre(a) - offCentre(b));
    if (face) faces.set(image, face);
    progress(i + 1, images.length);
  }
  return faces;
}

function cosineOf(a: FaceObservation | undefined, b: FaceObservation | undefined): number {
  return a?.embedding && b?.embedding ? dotAt(a.embedding, 0, b.embedding) : -1;
}

const personOf = (image: string) => image.split('/')[0] ?? '';

/** Cosines of all pictures of different people. */
function crossCosines(images: readonly string[], faces: ReadonlyMap<string, FaceObservation>): Float32Array {
  const probes = probesOf(images, faces);
  const cosines = new Float32Array((probes.length * (probes.length - 1)) / 2);
  let count = 0;
  for (const [i, a] of probes.entries()) {
    for (let k = 0; k < i; k++) {
      const b = probes[k];
      if (b && a.person !== b.person) cosines[count++] = dotAt(a.embedding, 0, b.embedding);
    }
  }
  return cosines.subarray(0, count);
}

function probesOf(images: readonly string[], faces: ReadonlyMap<string, FaceObservation>): Probe[] {
  return images.flatMap((image) => {
    const embedding = faces.get(image)?.embedding;
    return embedding ? [{ person: personOf(image), embedding }] : [];
  });
}

/** False non-match rate at the default threshold, by the lower quality of the pair. */
function missesByQuality(
  pairs: readonly Pair[],
  faces: ReadonlyMap<string, FaceObservation>,
  threshold: number,
): Figure[] {
  const bins = [0, 0.5, 0.7, 0.85, 1.01];
  const qualityOf = (image: string) => faces.get(image)?.quality.overall ?? 0;
  return bins.slice(0, -1).map((low, i) => {
    const high = bins[i + 1] ?? 1;
    const inBin = pairs.filter(({ same, a, b }) => {
      const quality = Math.min(qualityOf(a), qualityOf(b));
      return same && quality >= low && quality < high;
    });
    const missed = inBin.filter(({ a, b }) => cosineOf(faces.get(a), faces.get(b)) < threshold).length;
    return {
      figure: `lfw_fnmr_quality_from_${low}`,
      value: (100 * missed) / Math.max(1, inBin.length),
      unit: '%',
      n: inBin.length,
    };
  });
}
