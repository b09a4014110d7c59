import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  benchModelsCommand,
  expectCandidatesCommand,
  listModelsCommand,
  modelCardCommand,
  verifyModelsCommand,
} from './models.ts';
import { testIo } from './test-io.ts';

it('lists every model with its task and source', async () => {
  const io = testIo();
  expect(await listModelsCommand({}, io)).toBe(0);
  const lines = io.written.out.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(4);
  expect(lines.every((line) => /^\S+ +(detect|landmarks|recognise|liveness) /.test(line))).toBe(true);
  expect(io.written.out).toMatch(/^yunet-s .*your own file/m);
});

it('verifies the files; one that users bring may be absent', async () => {
  const io = testIo({ locale: 'zh_CN.UTF-8' });
  expect(await verifyModelsCommand({}, io)).toBe(0);
  expect(io.written.out).toMatch(/^mobilefacenet-512 +完好$/m);
  expect(io.written.out).toMatch(/^yunet-s +未提供$/m);
});

it('says which file differs from its manifest', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchpost-models-'));
  try {
    writeFileSync(join(folder, 'yunet_s_dynamic.onnx'), 'not the model');
    const io = testIo();
    expect(await verifyModelsCommand({ filesFrom: folder }, io)).toBe(1);
    expect(io.written.out).toMatch(/^yunet-s +differs from its manifest \[inference\.model_hash\]$/m);
    expect(io.written.out).toMatch(/^mobilefacenet-512 +good$/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('prints one card, or all, in the language asked for', async () => {
  const one = testIo();
  expect(await modelCardCommand('mobilefacenet-512', { lang: 'zh-CN' }, one)).toBe(0);
  expect(one.written.out).toMatch(/^# mobilefacenet-512\n[\s\S]*训练数据/);
  expect(one.written.out.match(/^# /gm)).toHaveLength(1);
  const all = testIo();
  expect(await modelCardCommand(undefined, {}, all)).toBe(0);
  expect(all.written.out.match(/^# /gm)?.length).toBeGreaterThan(4);
  expect(all.written.out).toContain('Training data');
});

it('times every model of the set', async () => {
  const io = testIo();
  expect(await benchModelsCommand({ times: '2', json: true }, io)).toBe(0);
  const figures = io.written.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(figures.map(({ figure }) => figure)).toEqual([
    'run_ultraface-rfb-320_ms',
    'run_landmarks-68_ms',
    'run_mobilefacenet-512_ms',
    'run_minifas-liveness_ms',
  ]);
  for (const { value, n } of figures) {
    expect(value).toBeGreaterThan(0);
    expect(n).toBe(2);
  }
});

it('says how many false candidates to expect', async () => {
  const io = testIo();
  expect(
    await expectCandidatesCommand({ gallery: '100', people: '1000', recogniser: 'mobilefacenet-512' }, io),
  ).toBe(0);
  // 1000 · (1 − (1 − 1e-4)^100)
  expect(io.written.out).toMatch(/^0\.41 \* +0\.0001 +97\.4 % +9\.95$/m);
  const bad = testIo();
  expect(
    await expectCandidatesCommand({ gallery: '0', people: '1', recogniser: 'mobilefacenet-512' }, bad),
  ).toBe(2);
  expect(bad.written.err).toMatch(/^\[config\.invalid\].*\/--gallery/);
  const unknown = testIo();
  expect(await expectCandidatesCommand({ gallery: '1', people: '1', recogniser: 'yunet-s' }, unknown)).toBe(
    2,
  );
  expect(unknown.written.err).toMatch(/\/--recogniser.*mobilefacenet-512/);
});

it('refuses unknown names and languages in one line', async () => {
  const name = testIo();
  expect(await modelCardCommand('no-such', {}, name)).toBe(2);
  expect(name.written).toEqual({
    out: '',
    err: expect.stringMatching(/^\[config\.invalid\].*\/NAME.*yunet-s.*\n$/),
  });
  const language = testIo();
  expect(await listModelsCommand({ lang: 'fr' }, language)).toBe(2);
  expect(language.written.err).toMatch(/^\[config\.invalid\].*\/--lang/);
});
