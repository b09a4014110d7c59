import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { replaceFile, replaceFileSync } from './atomic-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-atomic-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.each([
  ['at once', async (...given: Parameters<typeof replaceFileSync>) => replaceFileSync(...given)],
  ['beside the event loop', replaceFile],
])('a file that is replaced %s', (_how, replace) => {
  test('is whole, has its permissions, and leaves no draft', async () => {
    const path = join(folder, 'file.json');
    await replace(path, 'old');
    await replace(path, Buffer.from('new'), 0o640);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['file.json']);
  });

  test('stays as it was when the new one cannot be put there', async () => {
    const path = join(folder, 'taken');
    mkdirSync(join(path, 'inside'), { recursive: true });
    await expect(replace(path, 'new')).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['taken']);
  });
});
