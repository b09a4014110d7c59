import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plainModel } from '../../testing/plain-model.ts';
import {
  decodeSequenceModel,
  encodeSequenceModel,
  loadSequenceModel,
  saveSequenceModel,
  sequenceModelDigest,
} from './sequence-model-file.ts';

const model = plainModel('hall');
const bytes = encodeSequenceModel(model);
const damaged = expect.objectContaining({ code: 'inference.sequence_model_damaged' });
const foreign = expect.objectContaining({ code: 'inference.sequence_model_foreign' });
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sequence-model-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Body {
  readonly scaler: object;
  readonly layers: object[];
  readonly training: object;
}
const zeros = (count: number) => Buffer.alloc(4 * count).toString('base64');

/** The file with other content, as a writer would have hashed it. */
function rewritten(edit: (head: object, body: Body) => unknown): Buffer {
  const [head, body] = bytes
    .toString()
    .split('\n')
    .map((line) => JSON.parse(line));
  edit(head, body);
  const text = JSON.stringify(body);
  return Buffer.from(
    `${JSON.stringify({ ...head, sha256: createHash('sha256').update(text).digest('hex') })}\n${text}`,
  );
}

it('a model comes back as it was saved, readable by its owner alone', async () => {
  const path = join(folder, 'hall.model');
  await saveSequenceModel(path, model);
  await saveSequenceModel(path, model);
  expect(await loadSequenceModel(path, 'hall')).toEqual(model);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['hall.model']);
  expect(sequenceModelDigest(model)).toMatch(/^[0-9a-f]{64}$/);
});

it('no file is no model, and one that cannot be written leaves nothing behind', async () => {
  expect(await loadSequenceModel(join(folder, 'none'), 'hall')).toBeNull();
  await expect(saveSequenceModel(join(folder, 'no', 'such'), model)).rejects.toThrow('ENOENT');
  expect(await readdir(folder)).toEqual(['hall.model']);
});

it('a damaged file is named as such', async () => {
  const path = join(folder, 'damaged');
  await writeFile(path, bytes.subarray(0, -10));
  await expect(loadSequenceModel(path, 'hall')).rejects.toEqual(damaged);
  await expect(loadSequenceModel(path, 'hall')).rejects.toMatchObject({
    path: expect.stringContaining(path),
  });
  await expect(loadSequenceModel(folder, 'hall')).rejects.toEqual(damaged);
  for (const input of [Buffer.alloc(0), Buffer.alloc(300_000), Buffer.from('{}\n{}'), Buffer.from('null')])
    expect(() => decodeSequenceModel(input)).toThrow();
  const flipped = Buffer.from(bytes);
  flipped[flipped.length - 20]! ^= 1;
  expect(() => decodeSequenceModel(flipped)).toThrow(damaged);
});

it('what cannot be a model is refused even with the right hash', () => {
  expect(decodeSequenceModel(rewritten(() => undefined))).toEqual(model);
  const nan = Buffer.alloc(4);
  nan.writeFloatLE(Number.NaN);
  const [first, second] = model.layers;
  const edits: ((body: Body) => unknown)[] = [
    ({ scaler }) => Object.assign(scaler, { scale: 0 }),
    ({ layers }) => layers.pop(),
    ({ layers: [layer] }) => Object.assign(layer!, { bias: zeros(second!.bias.length) }),
    ({ layers: [layer] }) => Object.assign(layer!, { bias: nan.toString('base64') }),
    ({ layers: [layer] }) => Object.assign(layer!, { kernel: zeros(first!.kernel.length + 1) }),
    (body) => Object.assign(body, { calibration: nan.toString('base64') }),
    ({ training }) => Object.assign(training, { seriesClass: 'other' }),
    ({ training }) => Object.assign(training, { points: 1e9 }),
    (body) => Object.assign(body, { more: 1 }),
  ];
  for (const edit of edits)
    expect(() => decodeSequenceModel(rewritten((_, body) => edit(body)))).toThrow(damaged);
});

it('another format, version or series is foreign', () => {
  expect(() => decodeSequenceModel(rewritten((head) => Object.assign(head, { version: 2 })))).toThrow(
    foreign,
  );
  expect(() => decodeSequenceModel(rewritten((head) => Object.assign(head, { format: 'other' })))).toThrow(
    foreign,
  );
  expect(() => decodeSequenceModel(bytes, 'kitchen')).toThrow(foreign);
});
