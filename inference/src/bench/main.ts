import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { type Figure, printFigures } from '../eval/figures.ts';
import { benchFrame } from './bench-frame.ts';
import { benchMemory } from './bench-memory.ts';
import { benchSearch } from './bench-search.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    photo: { type: 'string' },
    times: { type: 'string', default: '60' },
    /** `frame`, `search` or `memory`; default the first two, because the last takes several minutes. */
    only: { type: 'string' },
    frames: { type: 'string', default: '100000' },
  },
});

/** A part of a sample photo that shows one face. */
async function samplePhoto(): Promise<Buffer> {
  const folder = dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'));
  return sharp(join(folder, 'demo', 'sample1.jpg'))
    .extract({ left: 1300, top: 50, width: 600, height: 450 })
    .png()
    .toBuffer();
}

const print = (line: string) => process.stdout.write(`${line}\n`);
const photo = values.photo ? await readFile(values.photo) : await samplePhoto();
const benches: Readonly<Record<string, () => Promise<Figure[]>>> = {
  frame: () => benchFrame({ photo, times: Number(values.times) }),
  search: () => benchSearch([1000, 10_000, 100_000]),
  memory: () => benchMemory({ photo, frames: Number(values.frames) }),
};
for (const name of values.only ? [values.only] : ['frame', 'search']) {
  const bench = benches[name];
  if (bench) printFigures(await bench(), values.json, print);
  else {
    process.stderr.write(`usage: bench inference [--only ${Object.keys(benches).join('|')}] [--json]\n`);
    process.exitCode = 2;
  }
}
