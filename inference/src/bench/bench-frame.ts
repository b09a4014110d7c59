import sharp from 'sharp';
import type { Figure } from '../eval/figures.ts';
import { alignment } from '../face/align.ts';
import { detectFaces } from '../face/detect.ts';
import { cropFace, lumaOf } from '../face/embed.ts';
import { findPoints } from '../face/landmarks.ts';
import { createFacePipeline } from '../face/pipeline.ts';
import { judgeQuality } from '../face/quality.ts';
import { decodeImage } from '../frame/decode-image.ts';
import { median, medianMs } from '../models/median-time.ts';
import { type ModelSet, openModelSet } from '../models/open-model-set.ts';
import { modelsOf } from '../models/time-models.ts';

/**
 * Frames that do not count: a gateway runs for years, so code that is not compiled yet is not what is asked
 * about.
 */
const warmUp = 40;

/** What the frame bench needs: a photo with one face. */
export interface FrameBenchOptions {
  readonly photo: Uint8Array;
  readonly times: number;
}

/**
 * A 640 × 480 JPEG with one face: bytes to observation, against the sum of the bare `session.run` times of
 * the same models in the same process. The two are measured in turns and compared turn by turn, so that a
 * change of the machine's speed meets both.
 */
export async function benchFrame({ photo, times }: FrameBenchOptions): Promise<Figure[]> {
  const jpeg = await sharp(photo).resize(640, 480, { fit: 'cover' }).jpeg({ quality: 90 }).toBuffer();
  const models = await openModelSet();
  const pipeline = createFacePipeline(models);
  const faces = await pipeline.analyse(await decodeImage(jpeg, { capturedAt: 0 }));
  const runs = modelsOf(models);
  const bare: number[] = [];
  const whole: number[] = [];
  for (let i = 0; i < times + warmUp; i++) {
    const bareMs = await timeOf(async () => {
      for (const model of runs) await model.run();
    });
    const wholeMs = await timeOf(async () => pipeline.analyse(await decodeImage(jpeg, { capturedAt: 0 })));
    if (i < warmUp) continue;
    bare.push(bareMs);
    whole.push(wholeMs);
  }
  const ms = (figure: string, value: number): Figure => ({ figure, value, unit: 'ms', n: times });
  const stages = await benchStages(models, jpeg, times);
  await models.close();
  return [
    { figure: 'frame_faces', value: faces.length, unit: 'faces', n: 1 },
    ms('frame_ms', median(whole)),
    ms('frame_bare_models_ms', median(bare)),
    {
      figure: 'frame_over_model',
      value: median(whole.map((one, i) => one / (bare[i] ?? Number.NaN))),
      unit: 'ratio',
      n: times,
    },
    ...stages.map(([name, value]) => ms(`${name}_ms`, value)),
  ];
}

/** Median ms of each stage of the frame's way, the models' share included, and of each model bare. */
async function benchStages(models: ModelSet, jpeg: Uint8Array, times: number): Promise<[string, number][]> {
  const { detector, landmarks, recogniser } = models;
  const frame = await decodeImage(jpeg, { capturedAt: 0 });
  const [face] = await createFacePipeline(models).analyse(frame);
  const time = (run: () => unknown) => medianMs(times, warmUp, run);
  const stages: [string, number][] = [
    ['decode_jpeg', await time(() => decodeImage(jpeg, { capturedAt: 0 }))],
    ['detect', await time(() => detectFaces(detector, frame))],
  ];
  const aligned = face && alignment(face.points);
  if (face && landmarks && aligned) {
    const { box, points } = face;
    const { input } = recogniser.manifest;
    stages.push(
      ['landmarks', await time(() => findPoints(landmarks, frame, box))],
      ['align', await time(() => alignment(points))],
      ['crop', await time(() => cropFace(recogniser, frame, aligned))],
      ['quality', await time(() => judgeQuality(box, points, lumaOf(recogniser.input, input)))],
    );
  }
  for (const model of modelsOf(models))
    stages.push([`run_${model.manifest.name}`, await time(() => model.run())]);
  return stages;
}

async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}
