import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { nodeOptionsOf } from '../start/node-options.ts';
import { runService } from './run-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'run-service-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('a gateway on a computer of its own runs with what keeps one on the server small', async () => {
  const entry = join(folder, 'entry.mjs');
  const said = join(folder, 'said.json');
  const program = `import { writeFileSync } from 'node:fs';
    const { MALLOC_MMAP_THRESHOLD_, MALLOC_ARENA_MAX } = process.env;
    writeFileSync(process.argv[2], JSON.stringify([process.execArgv, MALLOC_MMAP_THRESHOLD_, MALLOC_ARENA_MAX]));
    process.send({ ready: true }, () => process.exit(0));`;
  writeFileSync(entry, program);
  expect(await runService('edge', entry, said, () => undefined)).toBe(0);
  const [options, threshold, arenas] = JSON.parse(readFileSync(said, 'utf8'));
  expect(options).toEqual(expect.arrayContaining([...nodeOptionsOf('edge'), '--disable-sigusr1']));
  expect(nodeOptionsOf('edge')).not.toEqual([]);
  expect([threshold, arenas]).toEqual(['32768', process.env.MALLOC_ARENA_MAX ?? '2']);
});
