import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeDataFolder } from './data-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a folder in use is refused with the setting and the holder, and free again after release', () => {
  const first = takeDataFolder(folder);
  expect(() => takeDataFolder(folder)).toThrowError(
    expect.objectContaining({
      code: 'config.data_folder',
      path: '/WATCHPOST_DATA',
      details: { folder, usedByProcess: process.pid },
    }),
  );
  first.release();
  takeDataFolder(folder).release();
  expect(readdirSync(folder)).toEqual([]);
});

it('a path that is a file is refused', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => takeDataFolder(join(folder, 'file'))).toThrowError(
    expect.objectContaining({ code: 'config.data_folder', path: '/WATCHPOST_DATA' }),
  );
});

it.skipIf(process.getuid?.() !== 0)(
  'root leaves the database of another user alone (skipped for others)',
  () => {
    mkdirSync(join(folder, 'store'));
    takeDataFolder(folder).release();
    chownSync(join(folder, 'store'), 65_534, 65_534);
    expect(() => takeDataFolder(folder)).toThrowError(
      expect.objectContaining({
        ...{ code: 'config.data_of_other', path: '/WATCHPOST_DATA' },
        details: { folder, owner: expect.stringMatching(/^nobody$|^#65534$/) },
      }),
    );
    expect(readdirSync(folder)).toEqual(['store']);
  },
);
