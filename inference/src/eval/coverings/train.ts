/**
 * Makes `inference/src/face/covered-weights.json`: the judge of covered mouths and eyes, from the people of
 * the sample photos that `@vladmandic/face-api` brings, with what `paintCovering` paints on them. No data set
 * of `npm run eval` takes part. To be run after a change of the measures:
 * `node inference/src/eval/coverings/train.ts`.
 */
import { writeFileSync } from 'node:fs';
import { createRandom } from '@watchpost/service/testing/damage';
import { alignment } from '../../face/align.ts';
import { measureNames, measureParts } from '../../face/covered-parts.ts';
import { createFacePipeline } from '../../face/pipeline.ts';
import { decodeImage } from '../../frame/decode-image.ts';
import type { Frame } from '../../frame/frame.ts';
import { openModelSet } from '../../models/open-model-set.ts';
import { asSharp, cropPhoto, facesInSample, sampleFrame } from '../../testing/sample-photos.ts';
import { fitLogistic } from './fit-logistic.ts';
import { type PaintedKind, paintCovering, painted } from './paint-covering.ts';
import type { Random } from './random.ts';

const seed = 20_261_127;
const repeats = Number(process.argv[2] ?? 5);
const penalty = 3;

const models = await openModelSet();
// Every face, however covered: the gate is what is being made.
const open = { minSizePx: 10, minSharpness: 0, maxYaw: 90, maxPitch: 90, minExposure: 0, maxOcclusion: 2 };
const pipeline = createFacePipeline(models, open);

/** Other sizes, sides, light, sharpness and losses. */
async function varied(frame: Frame, random: Random): Promise<Frame> {
  let image = asSharp(frame).resize(Math.round(frame.width * (0.5 + 0.6 * random())));
  if (random() < 0.5) image = image.flop();
  if (random() < 0.3) image = image.blur(0.4 + 0.8 * random());
  image = image
    .modulate({ brightness: 0.6 + 0.7 * random(), saturation: 0.6 + 0.6 * random() })
    .rotate((random() - 0.5) * 16, { background: '#888' });
  return decodeImage(await image.jpeg({ quality: Math.round(60 + 35 * random()) }).toBuffer());
}

const cases: { person: number; covered: 'mouth' | 'eyes' | null; measures: readonly number[] }[] = [];
let person = 0;
for (const sample of facesInSample.keys()) {
  const frame = await sampleFrame(sample + 1);
  for (const { box } of await pipeline.analyse(frame)) {
    person++;
    const random = createRandom(seed + person);
    const crop = await decodeImage(
      await cropPhoto(frame, box, 0.8, (image) => image.resize(300, 300, { fit: 'inside' })),
    );
    const [face] = await pipeline.analyse(crop);
    if (!face || Math.abs(face.quality.poseYaw) > 40) continue;
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const kind of Object.keys(painted) as PaintedKind[]) {
        const picture = await varied(paintCovering(crop, face.points, kind, random), random);
        const [seen] = await pipeline.analyse(picture);
        const aligned = seen && alignment(seen.points);
        const found = aligned && (await measureParts(models.recogniser, picture, aligned));
        if (found) cases.push({ person, covered: painted[kind], measures: found.measures });
      }
    }
    process.stderr.write(`${person} ${cases.length}\n`);
  }
}
await models.close();

const rounded = (value: number) => Number(value.toPrecision(6));
const modelOf = (covered: 'mouth' | 'eyes', of = cases) => {
  const { mean, deviation, weights, bias } = fitLogistic(
    of.map(({ measures }) => measures),
    of.map((one) => one.covered === covered),
    penalty,
  );
  return {
    mean: mean.map(rounded),
    deviation: deviation.map(rounded),
    weights: weights.map(rounded),
    bias: rounded(bias),
  };
};
const content = {
  trainedOn: `${person} people of the sample photos of @vladmandic/face-api, ${cases.length} pictures, seed ${seed}`,
  measures: measureNames,
  mouth: modelOf('mouth'),
  eyes: modelOf('eyes'),
};
writeFileSync(
  new URL('../../face/covered-weights.json', import.meta.url),
  `${JSON.stringify(content, null, 2)}\n`,
);
