import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCodeReader } from '../codes/code-reader.ts';
import { decodeImage } from '../frame/decode-image.ts';
import type { Frame } from '../frame/frame.ts';
import { type ModelSet, openModelSet } from '../models/open-model-set.ts';
import { asSharp, cosine, cropPhoto, facesInSample, sampleFrame } from '../testing/sample-photos.ts';
import type { FaceObservation } from './observation.ts';
import { createFacePipeline, type FacePipeline } from './pipeline.ts';

interface Golden {
  readonly faces: readonly { box: number[]; points: number[]; embedding: number[] }[];
}

let models: ModelSet;
let pipeline: FacePipeline;
const frames: Frame[] = [];
const faces: (readonly FaceObservation[])[] = [];

beforeAll(async () => {
  models = await openModelSet();
  pipeline = createFacePipeline(models);
  for (let i = 1; i <= 6; i++) frames.push(await sampleFrame(i));
  for (const frame of frames) faces.push(await pipeline.analyse(frame));
});
afterAll(() => models.close());

describe('the face pipeline on the sample photos', () => {
  it('finds every face and nothing else', () => {
    expect(faces.map((found) => found.length)).toEqual(facesInSample);
  });

  it('gives boxes, points and embeddings equal to the golden ones', async () => {
    const golden: Golden = JSON.parse(
      await readFile(new URL('./sample1.fixture.json', import.meta.url), 'utf8'),
    );
    for (const [i, face] of faces[0]!.entries()) {
      const expected = golden.faces[i]!;
      const { x, y, width, height } = face.box;
      for (const [k, value] of [x, y, width, height].entries())
        expect(Math.abs(value - expected.box[k]!)).toBeLessThan(3);
      const flat = face.points.flatMap((point) => [point.x, point.y]);
      for (const [k, value] of flat.entries()) expect(Math.abs(value - expected.points[k]!)).toBeLessThan(3);
      expect(cosine(Float32Array.from(expected.embedding), face.embedding!)).toBeGreaterThan(0.99);
    }
  });

  it('orders the five points as eyes, nose, mouth on upright faces', () => {
    for (const { points, quality } of faces.flat().filter((face) => Math.abs(face.quality.poseRoll) < 30)) {
      if (!quality.pass) continue;
      const [left, right, nose, mouthLeft, mouthRight] = points;
      expect(left.x).toBeLessThan(right.x);
      expect(mouthLeft.x).toBeLessThan(mouthRight.x);
      expect(nose.y).toBeGreaterThan(Math.min(left.y, right.y));
      expect(Math.max(mouthLeft.y, mouthRight.y)).toBeGreaterThan(nose.y);
    }
  });

  it('embeds exactly the faces that pass the gate, with length 1', () => {
    const all = faces.flat();
    expect(all.filter((face) => face.quality.pass).length).toBeGreaterThanOrEqual(20);
    for (const { embedding, quality } of all) {
      expect(embedding !== null).toBe(quality.pass);
      expect(quality.reason === null).toBe(quality.pass);
      if (embedding) expect(cosine(embedding, embedding)).toBeCloseTo(1, 5);
    }
  });

  it('keeps different people of one photo apart', () => {
    for (const found of faces) {
      const usable = found.filter((face) => face.embedding);
      for (const [i, a] of usable.entries()) {
        for (const b of usable.slice(i + 1))
          expect(cosine(a.embedding!, b.embedding!)).toBeLessThan(models.threshold);
      }
    }
  });

  it('recognises the same person in another photo', () => {
    expect(cosine(faces[0]![0]!.embedding!, faces[2]![0]!.embedding!)).toBeGreaterThan(0.6);
  });

  it('recognises people from another crop, smaller, darker and turned', async () => {
    for (const index of [0, 2, 4]) {
      const [face] = faces[index]!;
      const crop = await cropPhoto(frames[index]!, face!.box, 0.9, (image) =>
        image.resize(260).modulate({ brightness: 0.7 }).rotate(8),
      );
      const [again] = await pipeline.analyse(await decodeImage(crop));
      expect(cosine(face!.embedding!, again!.embedding!)).toBeGreaterThan(0.6);
    }
  });
});

describe('the preprocessing', () => {
  const variants = {
    'colours swapped': { colour: 'RGB' },
    'not centred': { mean: 0 },
    'scaled to 0 … 1': { scale: 1 / 255, mean: 0 },
  };
  it.each(Object.entries(variants))(
    'matters: %s gives another embedding than the golden one',
    async (_, change) => {
      const { manifest } = models.recogniser;
      const input = { ...manifest.input, ...change } as typeof manifest.input;
      const wrong = { ...models, recogniser: { ...models.recogniser, manifest: { ...manifest, input } } };
      const [face] = await createFacePipeline(wrong).analyse(frames[0]!);
      expect(cosine(face!.embedding!, faces[0]![0]!.embedding!)).toBeLessThan(0.985);
    },
  );
});

describe('odd frames', () => {
  const solid = (width: number, height: number, value: number): Frame => ({
    width,
    height,
    data: new Uint8Array(width * height * 3).fill(value),
    capturedAt: 0,
  });
  it.each([
    [1, 1, 0],
    [640, 480, 0],
    [640, 480, 255],
    [3, 4000, 128],
    [4000, 3, 128],
  ])('of %d × %d give an empty list', async (width, height, value) => {
    expect(await pipeline.analyse(solid(width, height, value))).toEqual([]);
  });

  it('without pixels give an empty list', async () => {
    expect(await pipeline.analyse(solid(0, 0, 0))).toEqual([]);
  });

  it('with too few or too many bytes are a fault of the source', async () => {
    for (const data of [new Uint8Array(5), new Uint8Array(640 * 480 * 4)]) {
      const frame = { width: 640, height: 480, data, capturedAt: 0 };
      await expect(pipeline.analyse(frame)).rejects.toMatchObject({ code: 'inference.image_unreadable' });
      await expect(createCodeReader().read(frame)).rejects.toMatchObject({
        code: 'inference.image_unreadable',
      });
    }
    expect(await pipeline.analyse(frames[0]!)).toHaveLength(3);
  });

  it('may be analysed at the same time without mixing', async () => {
    const [a, b] = await Promise.all([pipeline.analyse(frames[0]!), pipeline.analyse(frames[2]!)]);
    expect(a).toEqual(faces[0]);
    expect(b).toEqual(faces[2]);
  });
});

describe('the quality gate', () => {
  const reasonOf = async (edit: Parameters<typeof cropPhoto>[3]) => {
    const crop = await cropPhoto(frames[0]!, faces[0]![0]!.box, 0.6, edit);
    const [face] = await pipeline.analyse(await decodeImage(crop));
    return face?.quality.reason;
  };

  it('passes a good crop', async () => {
    expect(await reasonOf((image) => image)).toBeNull();
  });
  it('refuses blur', async () => {
    expect(await reasonOf((image) => image.blur(9))).toBe('blur');
  });
  it('refuses small faces', async () => {
    expect(await reasonOf((image) => image.resize(60))).toBe('size');
  });
  it('refuses profiles', () => {
    expect(faces[1]![0]!.quality.pass).toBe(false);
  });
  it('refuses the dark', async () => {
    const dark = await decodeImage(await asSharp(frames[2]!).linear(0.06, 0).png().toBuffer());
    for (const face of await pipeline.analyse(dark)) expect(face.quality.pass).toBe(false);
  });
});
