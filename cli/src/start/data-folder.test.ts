import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeDataFolder } from './data-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a folder in use is refused, and free again after release', () => {
  const first = takeDataFolder(folder);
  expect(() => takeDataFolder(folder, () => true)).toThrowError(
    expect.objectContaining({ code: 'config.data_folder' }),
  );
  first.release();
  takeDataFolder(folder, () => true).release();
  expect(readdirSync(folder)).toEqual([]);
});

it.each(['4242', 'not a number', ''])('a lock left by a killed process (%j) is taken over', (content) => {
  writeFileSync(join(folder, 'watchpost.pid'), content);
  takeDataFolder(folder, () => false).release();
});

it('a path that is a file is refused', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => takeDataFolder(join(folder, 'file'))).toThrowError(
    expect.objectContaining({ code: 'config.data_folder', path: '/WATCHPOST_DATA' }),
  );
});

it('missing levels are made; a place that takes no folders is refused at once', () => {
  takeDataFolder(join(folder, 'a', 'b', 'c')).release();
  expect(() => takeDataFolder('/proc/watchpost/data')).toThrowError(
    expect.objectContaining({ code: 'config.data_folder' }),
  );
});
