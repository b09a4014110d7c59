import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSecretFile, replaceSecretFile } from './secret-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secret-'));
  path = join(folder, 'key');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what is written is for its owner, and is read again', () => {
  replaceSecretFile(path, 'secret');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readSecretFile(path).toString()).toBe('secret');
});

test.each([
  [0o644, 'owner'],
  [0o604, 'owner'],
  [0o640, 'owner'],
  [0o620, 'owner'],
  [0o644, 'group'],
] as const)('mode %o is refused where readers are: %s', (mode, readers) => {
  writeFileSync(path, 'secret');
  chmodSync(path, mode);
  expect(() => readSecretFile(path, readers)).toThrow(
    expect.objectContaining({ code: 'config.secret_readable', path }),
  );
});

test('a group may be let in where that is the custom', () => {
  writeFileSync(path, 'secret');
  chmodSync(path, 0o640);
  expect(readSecretFile(path, 'group').toString()).toBe('secret');
});

test('a missing file stays a missing file', () => {
  expect(() => readSecretFile(path)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
