import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { secretsIn } from './secrets.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'secrets-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('a changed secret is in force at once', () => {
  const secret = secretsIn(folder);
  writeFileSync(join(folder, 'robot'), 'one\n', { mode: 0o600 });
  expect(secret('robot')).toBe('one');
  writeFileSync(join(folder, 'robot'), 'two\n');
  expect(secret('robot')).toBe('two');
});

test('a secret that is missing, empty or readable for others refuses the try', () => {
  writeFileSync(join(folder, 'empty'), '\n', { mode: 0o600 });
  writeFileSync(join(folder, 'open'), 'one', { mode: 0o644 });
  for (const name of ['missing', 'empty', 'open'])
    expect(() => secretsIn(folder)(name), name).toThrow(
      expect.objectContaining({ delivery: { outcome: 'refused', code: 'notify.secret' } }),
    );
});
