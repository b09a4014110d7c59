import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ArchivePreface } from './archive-format.ts';
import { writingKeyOf } from './archive-keys.ts';
import { ArchiveReader, verifyArchive } from './archive-reader.ts';
import { writeArchive } from './archive-writer.ts';
import { newRecoveryKey } from './recovery-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchpost-archive-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const recovery = newRecoveryKey();
const key = writingKeyOf(recovery);
const preface: ArchivePreface = {
  watchpost: '0.1.0',
  madeAt: '2026-11-27T08:00:00.000Z',
  database: { kind: 'embedded', postgres: '18', timescale: null, migrations: [], tables: [], sequences: [] },
};
const contents: Readonly<Record<string, Buffer>> = {
  'server/server.yaml': Buffer.from('version: 1\n'),
  'data/empty': Buffer.alloc(0),
  'data/large': Buffer.alloc(300_000, 'watchpost '),
};

async function* chunksOf(content: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += 100_000) yield content.subarray(at, at + 100_000);
}

async function write(path: string): Promise<void> {
  await writeArchive(path, key, preface, async (archive) => {
    for (const [name, content] of Object.entries(contents))
      await archive.add({ name, kind: 'file', mode: 0o600 }, chunksOf(content));
  });
}

const good = join(folder, 'good');
let bytes = Buffer.alloc(0);
beforeAll(async () => {
  await write(good);
  bytes = readFileSync(good);
});

const damaged = join(folder, 'damaged');
const codeOf = async (content: Uint8Array, withKey = recovery): Promise<string> => {
  writeFileSync(damaged, content);
  try {
    await verifyArchive(damaged, withKey);
    return 'good';
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
};

test('what was written is read again, whole, and nobody else may read the file', async () => {
  const reader = await ArchiveReader.open(good, recovery);
  const found: Record<string, Buffer> = {};
  for await (const { entry, chunks } of reader.entries())
    found[entry.name] = Buffer.concat(await Array.fromAsync(chunks));
  expect(reader.preface).toEqual(preface);
  expect(found).toEqual(contents);
  expect(reader.manifest.entries.map(({ name, bytes: length }) => [name, length])).toEqual(
    Object.entries(contents).map(([name, content]) => [name, content.length]),
  );
  expect(statSync(good).mode & 0o777).toBe(0o600);
  expect(bytes.includes('server.yaml')).toBe(false);
});

test('any changed byte is refused', async () => {
  const codes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ by;
      const code = await codeOf(changed);
      codes.add(code);
      expect(code).toMatch(/^backup\.(damaged|truncated|newer|not_one|wrong_key)$/);
    }),
    { numRuns: 60, examples: [...Array(24).keys()].map((at) => [at, 1] as [number, number]) },
  );
  expect(codes).toContain('backup.damaged');
});

test('any truncation is refused, also where a part ends', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
      expect(await codeOf(bytes.subarray(0, length))).toMatch(/^backup\.(truncated|not_one)$/);
    }),
    { numRuns: 40 },
  );
  let end = 12 + bytes.readUInt16BE(10);
  while (end < bytes.length) {
    expect(await codeOf(bytes.subarray(0, end))).toBe('backup.truncated');
    end += 4 + (bytes.readUInt32BE(end) & 0x7fff_ffff);
  }
});

test('more at the end, parts that changed places and parts of another archive are refused', async () => {
  expect(await codeOf(Buffer.concat([bytes, Buffer.from([0])]))).toBe('backup.damaged');
  const head = 12 + bytes.readUInt16BE(10);
  const lengthAt = (at: number) => 4 + (bytes.readUInt32BE(at) & 0x7fff_ffff);
  const second = head + lengthAt(head);
  const third = second + lengthAt(second);
  const swapped = [
    bytes.subarray(0, head),
    bytes.subarray(second, third),
    bytes.subarray(head, second),
    bytes.subarray(third),
  ];
  expect(await codeOf(Buffer.concat(swapped))).toBe('backup.damaged');
  await write(join(folder, 'other'));
  const other = readFileSync(join(folder, 'other'));
  expect(await codeOf(Buffer.concat([other.subarray(0, head), bytes.subarray(head)]))).toBe('backup.damaged');
});

test('another key, a newer form and what is no archive each have their code', async () => {
  expect(await codeOf(bytes, newRecoveryKey())).toBe('backup.wrong_key');
  const newer = Buffer.from(bytes);
  newer.writeUInt16BE(2, 8);
  expect(await codeOf(newer)).toBe('backup.newer');
  expect(await codeOf(Buffer.from('version: 1\n'))).toBe('backup.not_one');
  expect(await codeOf(Buffer.alloc(0))).toBe('backup.not_one');
});

test('whoever has the public half only cannot write what the recovery key opens', async () => {
  const stranger = { ...key, sender: writingKeyOf(newRecoveryKey()).sender };
  const forged = join(folder, 'forged');
  await writeArchive(forged, stranger, preface, async () => undefined);
  await expect(verifyArchive(forged, recovery)).rejects.toMatchObject({ code: 'backup.damaged' });
});

test('an archive that could not be filled leaves nothing behind', async () => {
  const path = join(folder, 'partial');
  await expect(
    writeArchive(path, key, preface, async (archive) => {
      await archive.add({ name: 'data/a', kind: 'file', mode: 0o600 }, chunksOf(Buffer.from('a')));
      throw new Error('the disk is gone');
    }),
  ).rejects.toThrow('the disk is gone');
  expect(readdirSync(folder).filter((name) => name.startsWith('partial'))).toEqual([]);
});

test('a file that is no archive is not replaced; an archive is', async () => {
  const precious = join(folder, 'server.yaml');
  writeFileSync(precious, 'version: 1\n');
  await expect(write(precious)).rejects.toMatchObject({ code: 'backup.not_empty' });
  expect(readFileSync(precious, 'utf8')).toBe('version: 1\n');
  writeFileSync(`${good}.999999999.part`, 'of one that was killed');
  await write(good);
  expect(await verifyArchive(good, recovery)).toMatchObject({ preface });
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});
