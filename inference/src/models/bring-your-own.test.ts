import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFacePipeline } from '../face/pipeline.ts';
import { cosine, sampleFrame } from '../testing/sample-photos.ts';
import { tinyRecogniser } from '../testing/tiny-onnx.ts';
import type { ModelManifest } from './manifest.ts';
import { listModels, modelCard, verifyModels } from './model-cards.ts';
import { openModelSet } from './open-model-set.ts';

let folder: string;
let manifest: ModelManifest;
const file = () => join(folder, 'mine.json');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-model-'));
  const bytes = tinyRecogniser();
  await writeFile(join(folder, 'mine.onnx'), bytes);
  const base = JSON.parse(
    await readFile(new URL('../../models/mobilefacenet-512.json', import.meta.url), 'utf8'),
  );
  const { package: _, ...rest } = base;
  manifest = {
    ...rest,
    name: 'mine-128',
    file: 'mine.onnx',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    dimension: 128,
    input: { ...base.input, colour: 'RGB', mean: 127.5, scale: 1 / 127.5 },
  };
});
afterAll(() => rm(folder, { recursive: true }));

describe('a recogniser that the user brings', () => {
  it('runs by its manifest alone: 128 numbers, RGB', async () => {
    await writeFile(file(), JSON.stringify(manifest));
    const models = await openModelSet({ recogniser: file(), filesFrom: folder });
    expect(models.dimension).toBe(128);
    const frame = await sampleFrame(3);
    const [face] = await createFacePipeline(models).analyse(frame);
    expect(face!.embedding).toHaveLength(128);
    const swapped = { ...manifest, input: { ...manifest.input, colour: 'BGR' as const } };
    const other = { ...models, recogniser: { ...models.recogniser, manifest: swapped } };
    const [blue] = await createFacePipeline(other).analyse(frame);
    expect(cosine(face!.embedding!, blue!.embedding!)).toBeLessThan(0.999);
    await models.close();
  });

  it.each([
    ['another input name', { input: { name: 'data' } }, undefined],
    ['another input size', { input: { width: 96, height: 96 } }, undefined],
    ['another number of channels', { input: { colour: 'GRAY' } }, undefined],
    ['a free input size that it has not', { input: { fit: 'letterbox' } }, undefined],
    ['a file that is no model', {}, Buffer.from('not a model')],
  ])('is refused at the start for %s', async (_what, { input = {} }: { input?: object }, bytes) => {
    const own = { ...manifest, input: { ...manifest.input, ...input } };
    if (bytes) {
      await writeFile(join(folder, 'odd.onnx'), bytes);
      Object.assign(own, { file: 'odd.onnx', sha256: createHash('sha256').update(bytes).digest('hex') });
    }
    await writeFile(file(), JSON.stringify(own));
    await expect(openModelSet({ recogniser: file(), filesFrom: folder })).rejects.toMatchObject({
      code: 'inference.model_unfit',
      details: { model: 'mine-128' },
    });
  });

  it('abstains because of the model when its output has another length than promised', async () => {
    await writeFile(file(), JSON.stringify({ ...manifest, dimension: 512 }));
    const models = await openModelSet({ recogniser: file(), filesFrom: folder });
    const [face] = await createFacePipeline(models).analyse(await sampleFrame(3));
    expect(face).toMatchObject({ embedding: null, quality: { pass: false, reason: 'model' } });
    await models.close();
  });
});

describe('the model list', () => {
  it('verifies what is installed and says what is not', async () => {
    const states = Object.fromEntries(
      (await verifyModels()).map(({ manifest: { name }, state }) => [name, state]),
    );
    expect(states).toMatchObject({
      'mobilefacenet-512': 'good',
      'ultraface-rfb-320': 'good',
      'yunet-s': 'missing',
    });
    await writeFile(join(folder, 'yunet_s_dynamic.onnx'), 'something else');
    const again = await verifyModels(folder);
    expect(again.find((model) => model.manifest.name === 'yunet-s')?.state).toBe('changed');
  });

  it('prints a card that says what is not known, in both languages', async () => {
    for (const model of await listModels()) {
      expect(modelCard(model)).toContain(model.trainingData);
      expect(modelCard(model, 'zh-CN')).toContain('训练数据');
    }
  });
});
