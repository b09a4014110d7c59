import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { alertingBenches } from './alerting/benches.ts';
import { benchMain } from './bench-main.ts';
import { fieldBenches } from './field/benches.ts';
import type { FieldBench } from './field/field-bench.ts';
import { runFieldBenches } from './field/run-field-benches.ts';
import { printFigures } from './figure.ts';
import { peopleBenches } from './people/benches.ts';
import { pickBenches } from './pick-benches.ts';
import { siteBenches } from './site/benches.ts';

/** Benches that live with their package: they get the remaining arguments. */
const ofPackages: Readonly<Record<string, string>> = {
  broker: 'broker/src/bench/main.ts',
  inference: 'inference/src/bench/main.ts',
};
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Benches of several parts that cost each other nothing when one fails. */
const ofParts: Readonly<Record<string, readonly FieldBench[]>> = {
  alerting: alertingBenches,
  field: fieldBenches,
  people: peopleBenches,
  site: siteBenches,
};

/**
 * What is named is run, and nothing else: benches or single figures, as words or by `--only A,B`.
 */
async function benchParts(
  benches: readonly FieldBench[],
  rest: readonly string[],
  json: boolean,
): Promise<void> {
  const names = rest.flatMap((word) => (word.startsWith('--') ? [] : word.split(',')));
  const picked = pickBenches(benches, names);
  if (!picked) {
    const known = benches.flatMap((bench) => [bench.name, ...bench.figures.map((figure) => `  ${figure}`)]);
    say(`one of these, please:\n${known.join('\n')}`);
    process.exitCode = 2;
    return;
  }
  const { figures, missing } = await runFieldBenches(picked, say);
  printFigures(figures, json);
  if (figures.length > 0 && missing.length === 0) return;
  say(`missing: ${missing.join(', ') || 'everything'}`);
  process.exitCode = 1;
}

// `npm run bench -- NAME [--json]`: figures for machines go to standard output, one line each; progress
// beside it.
const [name = '', ...rest] = process.argv.slice(2);
const json = rest.includes('--json');
const ofPackage = ofPackages[name];
const parts = ofParts[name];
if (name === 'main') {
  printFigures(await benchMain(say), json);
} else if (parts) {
  await benchParts(parts, rest, json);
} else if (ofPackage) {
  const entry = fileURLToPath(new URL(`../../${ofPackage}`, import.meta.url));
  // as the supervisor starts a service
  const env = { MALLOC_ARENA_MAX: '2', ...process.env };
  process.exitCode = spawnSync(process.execPath, [entry, ...rest], { stdio: 'inherit', env }).status ?? 1;
} else {
  say(
    `usage: npm run bench -- ${['main', ...Object.keys(ofParts), ...Object.keys(ofPackages)].join('|')} [WHICH…] [--json]`,
  );
  process.exitCode = 2;
}
