import sharp from 'sharp';
import type { Figure } from '../eval/figures.ts';
import { alignment } from '../face/align.ts';
import { detectFaces } from '../face/detect.ts';
import { findPoints } from '../face/landmarks.ts';
import { createFacePipeline } from '../face/pipeline.ts';
import { decodeImage } from '../frame/decode-image.ts';
import { openModelSet } from '../models/open-model-set.ts';
import { medianMs } from './measure.ts';

/** What the frame bench needs: a photo with one face. */
export interface FrameBenchOptions {
  readonly photo: Uint8Array;
  readonly times: number;
}

/**
 * A 640 × 480 JPEG with one face: bytes to observation, against the sum of the bare `session.run` times of the same models in the same process. The two are
 * measured in turns, so that a change of the machine's speed meets both.
 */
export async function benchFrame({ photo, times }: FrameBenchOptions): Promise<Figure[]> {
  const jpeg = await sharp(photo).resize(640, 480, { fit: 'cover' }).jpeg({ quality: 90 }).toBuffer();
  const models = await openModelSet();
  const pipeline = createFacePipeline(models);
  const frame = await decodeImage(jpeg, { capturedAt: 0 });
  const faces = await pipeline.analyse(frame);
  const runs = [models.detector, models.landmarks, models.recogniser].filter((model) => model !== null);
  const bare: number[] = [];
  const whole: number[] = [];
  for (let i = 0; i < times + 5; i++) {
    const sums = [0, 0];
    sums[0] = await timeOf(async () => {
      for (const model of runs) await model.run();
    });
    sums[1] = await timeOf(async () => pipeline.analyse(await decodeImage(jpeg, { capturedAt: 0 })));
    if (i >= 5) {
      bare.push(sums[0]);
      whole.push(sums[1]);
    }
  }
  const middle = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
  const ms = (figure: string, value: number): Figure => ({ figure, value, unit: 'ms', n: times });
  const stages = [
    ms('decode_jpeg_ms', await medianMs(times, 3, () => decodeImage(jpeg, { capturedAt: 0 }))),
    ms('detect_ms', await medianMs(times, 3, () => detectFaces(models.detector, frame))),
  ];
  const [face] = faces;
  if (face && models.landmarks) {
    const { landmarks } = models;
    stages.push(ms('landmarks_ms', await medianMs(times, 3, () => findPoints(landmarks, frame, face.box))));
    stages.push(ms('align_ms', await medianMs(times, 3, () => alignment(face.points))));
  }
  for (const model of runs)
    stages.push(ms(`run_${model.manifest.name}_ms`, await medianMs(times, 3, () => model.run())));
  await models.close();
  const frameMs = middle(whole);
  const bareMs = middle(bare);
  return [
    { figure: 'frame_faces', value: faces.length, unit: 'faces', n: 1 },
    ms('frame_ms', frameMs),
    ms('frame_bare_models_ms', bareMs),
    { figure: 'frame_over_model', value: frameMs / bareMs, unit: 'ratio', n: times },
    ...stages,
  ];
}

async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}
