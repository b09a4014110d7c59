import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFacePipeline } from '../face/pipeline.ts';
import { openModelSet } from '../models/open-model-set.ts';
import { cropPhoto, sampleFrame } from '../testing/sample-photos.ts';
import { evaluateFaces } from './evaluate-faces.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'watchpost-faces-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** Two people of sample photo 1, two pictures of each: as it is, and mirrored. */
async function writePictures(): Promise<void> {
  const frame = await sampleFrame(1);
  const models = await openModelSet();
  const faces = await createFacePipeline(models).analyse(frame);
  await models.close();
  for (const [i, name] of ['Ada', 'Bob'].entries()) {
    const folder = join(dir, 'images', name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${name}_0001.jpg`), await cropPhoto(frame, faces[i]!.box));
    const mirrored = await cropPhoto(frame, faces[i]!.box, 0.8, (image) => image.flop());
    await writeFile(join(folder, `${name}_0002.jpg`), mirrored);
  }
}

describe('evaluateFaces', () => {
  it('gives the figures of a small set, and another truth gives others', async () => {
    await writePictures();
    const pairs = ['1\t2', 'Ada\t1\t2', 'Bob\t1\t2', 'Ada\t1\tBob\t1', 'Ada\t2\tBob\t2'];
    const figureOf = async (lines: readonly string[], figure: string) => {
      await writeFile(join(dir, 'pairs.txt'), `${lines.join('\n')}\n`);
      return (await evaluateFaces(dir)).find((one) => one.figure === figure)?.value;
    };
    expect(await figureOf(pairs, 'lfw_accuracy')).toBe(100);
    const wrong = ['1\t2', 'Ada\t1\t2', 'Bob\t1\t2', 'Ada\t1\tAda\t2', 'Bob\t1\tBob\t2'];
    expect(await figureOf(wrong, 'lfw_accuracy')).toBeLessThan(100);
    expect(await figureOf(pairs, 'lfw_open_set_gallery')).toBe(1);
  });

  it.each([
    ['a missing pairs.txt', undefined, { file: expect.stringContaining('pairs.txt') }],
    ['an empty one', '', { line: 1 }],
    ['a header without a number', 'ten\nAda\t1\t2\n', { line: 1 }],
    ['a line that is no pair', '1\t1\nAda\t1\t2\nAda and Bob\n', { line: 3 }],
    ['a picture that is not there', '1\t1\nAda\t1\t9\n', { file: expect.stringContaining('Ada_0009.jpg') }],
  ])('names %s', async (_what, text, details) => {
    const file = join(dir, 'pairs.txt');
    if (text === undefined) await rm(file, { force: true });
    else await writeFile(file, text);
    await expect(evaluateFaces(dir)).rejects.toMatchObject({
      code: 'config.invalid',
      path: '/--data',
      details,
    });
  });
});
