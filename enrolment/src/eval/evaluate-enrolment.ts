import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import {
  createFacePipeline,
  decodeImage,
  type FacePipeline,
  type Frame,
  openModelSet,
} from '@watchpost/inference';
import {
  type CoveringKind,
  coveringKinds,
  coverings,
  drawCovering,
  type Figure,
  findContour,
  progress,
  readDataFile,
} from '@watchpost/inference/testing/coverings';
import { createRandom } from '@watchpost/service/testing/damage';
import { assessFace, openGate } from '../quality/assess-face.ts';
import { qualityPolicy } from '../quality/policy.ts';

/** Whom to take of a folder `images/NAME/*.jpg`. */
export interface EnrolmentEvaluation {
  readonly people: number;
  /** The first people by name that are left out. */
  readonly skip: number;
  readonly seed: number;
}

/** The answer about each picture: an error code, or `used`. */
type Answers = Map<CoveringKind, string[]>;

/**
 * What an enrolment says to one photo of each person, as it is and with each covering drawn on it. Pictures
 * with a second person in the foreground, or without a face, are no photos for an enrolment and are left out.
 */
export async function evaluateEnrolment(
  dir: string,
  { people, skip, seed }: EnrolmentEvaluation,
): Promise<readonly Figure[]> {
  const names = (await readdir(join(dir, 'images')).catch(() => [])).toSorted().slice(skip, skip + people);
  const models = await openModelSet();
  const pipeline = createFacePipeline(models, openGate);
  const answers: Answers = new Map(coveringKinds.map((kind) => [kind, []]));
  let taken = 0;
  for (const [index, name] of names.entries()) {
    progress(index + 1, names.length);
    const [file] = (await readdir(join(dir, 'images', name))).toSorted();
    const frame = await decodeImage(await readDataFile(dir, `images/${name}/${file}`));
    const [face, second] = await pipeline.analyse(frame);
    if (!face || (second && second.box.height > qualityPolicy.foreground * face.box.height)) continue;
    const points = models.landmarks && (await findContour(models.landmarks, frame, face.box));
    if (!points) continue;
    taken++;
    const random = createRandom(seed + skip + index);
    for (const kind of coveringKinds) {
      const picture = await decodeImage(await drawCovering(frame, points, kind, random));
      answers.get(kind)?.push(await answerTo(pipeline, picture));
    }
  }
  await models.close();
  return figuresOf(answers, `seed ${seed}, people ${skip + 1} … ${skip + names.length}, ${taken} taken`);
}

async function answerTo(pipeline: FacePipeline, picture: Frame): Promise<string> {
  try {
    await assessFace(pipeline, picture);
    return 'used';
  } catch (error) {
    if (error instanceof WatchpostError) return error.code.replace('enrolment.', '');
    throw error;
  }
}

function figuresOf(answers: Answers, note: string): readonly Figure[] {
  const of = (wanted: (kind: CoveringKind) => boolean) =>
    coveringKinds.filter(wanted).flatMap((kind) => answers.get(kind) ?? []);
  const figure = (name: string, all: readonly string[], counts: (answer: string) => boolean): Figure => ({
    figure: name,
    value: all.length === 0 ? 0 : Number((all.filter(counts).length / all.length).toFixed(4)),
    unit: 'share',
    n: all.length,
    note,
  });
  const refused = (answer: string) => answer !== 'used';
  const masked = of((kind) => coverings[kind] === 'mouth');
  const clean = of((kind) => coverings[kind] === null);
  const glasses = of((kind) => coverings[kind] === 'eyes');
  return [
    figure('enrol_masked_refused', masked, refused),
    figure('enrol_masked_named', masked, (answer) => answer === 'mouth_covered'),
    figure('enrol_clean_refused', clean, refused),
    figure('enrol_clean_called_covered', clean, (answer) => answer.endsWith('_covered')),
    figure('enrol_dark_glasses_refused', glasses, refused),
    ...coveringKinds.map((kind) => ({
      ...figure(`enrol_refused_${kind}`, answers.get(kind) ?? [], refused),
      note: reasons(answers.get(kind) ?? []),
    })),
  ];
}

/** How often each answer came. */
function reasons(all: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const answer of all) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts].map(([answer, count]) => `${answer} ${count}`).join(', ');
}
