import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFacePipeline, type FacePipeline } from '../face/pipeline.ts';
import type { Frame } from '../frame/frame.ts';
import { type ModelSet, openModelSet } from '../models/open-model-set.ts';
import { cropPhoto, sampleFrame, samplePhoto } from '../testing/sample-photos.ts';
import { enrolFace } from './enrol-face.ts';

let models: ModelSet;
let pipeline: FacePipeline;
let frame: Frame;
/** Two crops of one person, and one of another. */
let mine: Buffer[];
let stranger: Buffer;

beforeAll(async () => {
  models = await openModelSet();
  pipeline = createFacePipeline(models);
  frame = await sampleFrame(6);
  const [a, b] = await pipeline.analyse(frame);
  mine = [
    await cropPhoto(frame, a!.box, 0.4),
    await cropPhoto(frame, a!.box, 0.5, (image) => image.flop().resize(300)),
  ];
  stranger = await cropPhoto(frame, b!.box, 0.4);
});
afterAll(() => models.close());

describe('enrolFace', () => {
  it('makes one template from several photos and leaves an outlier out', async () => {
    const face = await enrolFace(pipeline, [mine[0]!, stranger, mine[1]!]);
    expect(face).toMatchObject({ used: 2, refused: [{ index: 1, reason: 'outlier' }] });
    expect(face.agreement).toBeGreaterThan(0.7);
  });

  it('leaves unusable photos out and says why', async () => {
    const face = await enrolFace(pipeline, [new Uint8Array(9), mine[0]!]);
    expect(face).toMatchObject({
      used: 1,
      refused: [{ index: 0, reason: 'inference.image_unreadable' }],
    });
  });

  it('refuses a crowd, an empty wall, a tiny face and nothing at all', async () => {
    const wall: Frame = { width: 200, height: 200, data: new Uint8Array(120_000).fill(90), capturedAt: 0 };
    const blurred = await cropPhoto(frame, (await pipeline.analyse(frame))[0]!.box, 0.4, (image) =>
      image.blur(9),
    );
    await expect(enrolFace(pipeline, [await samplePhoto(5)])).rejects.toMatchObject({
      code: 'inference.face_ambiguous',
    });
    await expect(enrolFace(pipeline, [wall])).rejects.toMatchObject({ code: 'inference.face_not_found' });
    await expect(enrolFace(pipeline, [blurred])).rejects.toMatchObject({ code: 'inference.face_quality' });
    await expect(enrolFace(pipeline, [])).rejects.toMatchObject({ code: 'inference.face_not_found' });
  });
});
