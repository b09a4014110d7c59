import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { spawnNode } from '../testing/spawn-node.ts';
import { absent, keptVersions, readVersion, replaceVersion } from './versions.ts';

const kills = Number(process.env.WATCHPOST_KILLS ?? 20);
const versions = JSON.stringify(fileURLToPath(new URL('./versions.ts', import.meta.url)));
const edit = JSON.stringify(fileURLToPath(new URL('./edit-yaml.ts', import.meta.url)));

/** Changes the file as fast as it can, and says so each time. */
const writer = `
  const { readVersion, replaceVersion } = await import(${versions});
  const { editYaml } = await import(${edit});
  const [path] = process.argv.slice(1);
  for (;;) {
    const { bytes, digest } = readVersion(path);
    const text = bytes.toString();
    const next = Number(/^n: (\\d+)/m.exec(text)[1]) + 1;
    await replaceVersion({ path, text: editYaml(text, 'site.yaml', [{ path: ['n'], value: next }]), basedOn: digest });
    process.stdout.write(next + '\\n');
  }
`;

it(
  `is always a whole version, also when whoever writes it is killed (${kills} times)`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'killed-'));
    const path = join(folder, 'site.yaml');
    const tail = `${'# a comment that has to stay\n'.repeat(2_000)}end: true\n`;
    await replaceVersion({ path, text: `n: 0\n${tail}`, basedOn: absent });
    let said = 0;
    for (let kill = 0; kill < kills; kill++) {
      const child = spawnNode(writer, { args: [path] });
      child.stdout?.on('data', (chunk: Buffer) => {
        said = Number(chunk.toString().trim().split('\n').at(-1));
      });
      const exit = once(child, 'exit');
      // A writer that fails by itself is not to be waited for.
      await Promise.race([once(child.stdout ?? child, 'data'), exit]);
      await delay(Math.random() * 40);
      child.kill('SIGKILL');
      expect(await exit).toEqual([null, 'SIGKILL']);
      const text = readFileSync(path, 'utf8');
      expect(text.endsWith(tail)).toBe(true);
      // What it said that it had written is there.
      expect(parse(text).n).toBeGreaterThanOrEqual(said);
      for (const kept of keptVersions(path))
        expect(readVersion(kept)?.bytes.toString()).toMatch(/end: true\n$/);
    }
    // Nobody’s turn is left behind, and whoever comes next is not kept waiting.
    const last = readVersion(path);
    await replaceVersion({ path, text: 'n: 1\n', basedOn: last?.digest ?? absent });
    expect(readdirSync(folder).toSorted()).toEqual(['.versions', 'site.yaml']);
    expect(readdirSync(join(folder, '.versions')).every((name) => /\.kept-\d{6}$/.test(name))).toBe(true);
    rmSync(folder, { recursive: true });
  },
  // Each write reaches the disk, which others may keep busy.
  30_000 + kills * 15_000,
);
