import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listModelsCommand, modelCardCommand, verifyModelsCommand } from './models.ts';
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
