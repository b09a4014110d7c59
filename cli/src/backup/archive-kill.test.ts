import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { spawnNode } from '../../../service/src/testing/spawn-node.ts';
import type { ArchivePreface } from './archive-format.ts';
import { writingKeyOf } from './archive-keys.ts';
import { verifyArchive } from './archive-reader.ts';
import { writeArchive } from './archive-writer.ts';
import { newRecoveryKey } from './recovery-key.ts';

const kills = Number(process.env.WATCHPOST_KILLS ?? 8);
const writer = JSON.stringify(fileURLToPath(new URL('./archive-writer.ts', import.meta.url)));
const preface: ArchivePreface = {
  watchpost: '0.1.0',
  madeAt: '2026-11-27T08:00:00.000Z',
  database: { kind: 'embedded', postgres: '18', timescale: null, migrations: [], tables: [], sequences: [] },
};

/** Writes the archive again and again, and says so each time. */
const program = `
  const { writeArchive } = await import(${writer});
  const [path, key] = process.argv.slice(1);
  async function* chunks() { for (let n = 0; n < 40; n++) yield Buffer.alloc(50_000, String(n)); }
  for (let n = 1; ; n++) {
    await writeArchive(path, JSON.parse(key), ${JSON.stringify(preface)}, (archive) =>
      archive.add({ name: 'data/file', kind: 'file', mode: 0o600 }, chunks()));
    process.stdout.write(n + '\\n');
  }
`;

it(
  `there is no archive or a whole one, also when whoever writes it is killed (${kills} times)`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'killed-'));
    const recovery = newRecoveryKey();
    const key = writingKeyOf(recovery);
    let wasCutOff = false;
    for (let kill = 0; kill < kills; kill++) {
      const path = join(folder, `archive-${kill}`);
      const child = spawnNode(program, { args: [path, JSON.stringify(key)] });
      const exit = once(child, 'exit');
      let said = 0;
      child.stdout?.on('data', (chunk: Buffer) => {
        said = Number(chunk.toString().trim().split('\n').at(-1));
      });
      // Some are killed within the first one, some within a later one that would replace it.
      const begun = () => readdirSync(folder).some((name) => name.startsWith(`archive-${kill}`));
      while (!(kill % 2 === 0 ? begun() : said > 0) && child.exitCode === null) await delay(1);
      await delay(Math.random() * 30);
      child.kill('SIGKILL');
      expect(await exit).toEqual([null, 'SIGKILL']);
      wasCutOff ||= readdirSync(folder).some((name) => name.endsWith('.part'));
      if (existsSync(path)) await verifyArchive(path, recovery);
      else expect(said).toBe(0);
      await writeArchive(path, key, preface, async () => undefined);
      await verifyArchive(path, recovery);
      expect(readdirSync(folder).filter((name) => name.startsWith(`archive-${kill}.`))).toEqual([]);
    }
    expect(wasCutOff).toBe(true);
    rmSync(folder, { recursive: true });
  },
  30_000 + kills * 15_000,
);
