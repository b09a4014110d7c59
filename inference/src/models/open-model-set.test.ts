import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModelSet } from './open-model-set.ts';

const packageFolder = dirname(
  createRequire(import.meta.url).resolve('faceplugin-face-recognition-js/package.json'),
);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-'));
  await mkdir(join(folder, 'model'));
  for (const name of ['fr_detect', 'fr_landmark', 'fr_feature']) {
    await cp(join(packageFolder, 'model', `${name}.onnx`), join(folder, 'model', `${name}.onnx`));
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe('openModelSet', () => {
  it('opens the default set and names its digests and thresholds', async () => {
    const models = await openModelSet({ filesFrom: folder });
    expect(Object.keys(models.digests).sort()).toEqual([
      'landmarks-68',
      'mobilefacenet-512',
      'ultraface-rfb-320',
    ]);
    expect(models).toMatchObject({ threshold: 0.41, falseMatchRate: 1e-4, dimension: 512, liveness: null });
    await models.close();
  });

  it('refuses a file with one changed bit before any session is made', async () => {
    const file = join(folder, 'model', 'fr_feature.onnx');
    const bytes = await readFile(file);
    const at = bytes.length - 100;
    await writeFile(
      file,
      Buffer.concat([bytes.subarray(0, at), Buffer.of(bytes[at]! ^ 1), bytes.subarray(at + 1)]),
    );
    await expect(openModelSet({ filesFrom: folder })).rejects.toMatchObject({
      code: 'inference.model_hash',
      details: { model: 'mobilefacenet-512' },
    });
    await writeFile(file, bytes);
  });

  it('names a missing file', async () => {
    await expect(openModelSet({ detector: 'yunet-s', filesFrom: folder })).rejects.toMatchObject({
      code: 'inference.model_missing',
      details: { model: 'yunet-s' },
    });
    await expect(openModelSet({ detector: 'no-such-manifest' })).rejects.toMatchObject({
      code: 'inference.model_missing',
    });
  });

  it('refuses an unknown decoder and a manifest with an unknown field', async () => {
    const manifest = JSON.parse(
      await readFile(new URL('../../models/ultraface-rfb-320.json', import.meta.url), 'utf8'),
    );
    const file = join(folder, 'mine.json');
    await writeFile(file, JSON.stringify({ ...manifest, decoder: 'magic' }));
    await expect(openModelSet({ detector: file })).rejects.toMatchObject({
      code: 'inference.model_decoder',
      details: { decoder: 'magic' },
    });
    await writeFile(file, JSON.stringify({ ...manifest, sha: 'x' }));
    await expect(openModelSet({ detector: file })).rejects.toMatchObject({ code: 'config.invalid' });
    await writeFile(file, '{');
    await expect(openModelSet({ detector: file })).rejects.toMatchObject({ code: 'config.invalid' });
  });
});
