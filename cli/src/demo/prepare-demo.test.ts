import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyPass } from '@watchpost/passes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoFiles, prepareDemo } from './prepare-demo.ts';

const now = Date.now();
let folder: string;
let files: DemoFiles;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-demo-'));
  files = await prepareDemo(folder, now);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(files.clip, { force: true });
});

describe('the demo', () => {
  it('shows a pass that the gate accepts and one that is forged', () => {
    const options = { keys: files.issuers, audience: 'gate', now };
    expect(verifyPass(files.passes.valid, options).outcome).toBe('accepted');
    expect(verifyPass(files.passes.forged, options)).toMatchObject({
      outcome: 'rejected',
      reason: 'pass.signature',
    });
  });

  it('is made once, and again before the pass runs out', async () => {
    const madeAt = statSync(files.clip).mtimeMs;
    expect(await prepareDemo(folder, now)).toEqual(files);
    expect(statSync(files.clip).size).toBeGreaterThan(10_000);
    expect(Math.abs(statSync(files.clip).mtimeMs - madeAt)).toBeLessThan(600_000);
    const later = await prepareDemo(folder, now + 25 * 86_400_000);
    expect(later.passes.expires).toBeGreaterThan(files.passes.expires);
  });

  it('keeps the key of its passes from other users of the computer', () => {
    expect(statSync(join(folder, 'demo', 'pass-issuer.json')).mode & 0o077).toBe(0);
  });

  it('deletes what an earlier version enrolled by itself', async () => {
    const left = ['gallery.wpg', 'gallery-keys.json'].map((name) => join(folder, 'demo', name));
    for (const path of left) writeFileSync(path, 'x');
    await prepareDemo(folder, now);
    expect(left.filter((path) => existsSync(path))).toEqual([]);
  });
});
