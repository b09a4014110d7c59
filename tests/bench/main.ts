import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benchMain } from './bench-main.ts';
import { printFigures } from './figure.ts';

/** Benches that live with their package: they get the remaining arguments. */
const ofPackages: Readonly<Record<string, string>> = {
  broker: 'broker/src/bench/main.ts',
  inference: 'inference/src/bench/main.ts',
};

// `npm run bench -- NAME [--json]`: figures for machines go to standard output, one line each; progress beside it.
const [name = '', ...rest] = process.argv.slice(2);
const json = rest.includes('--json');
const ofPackage = ofPackages[name];
if (name === 'main') {
  printFigures(await benchMain((line) => process.stderr.write(`${line}\n`)), json);
} else if (ofPackage) {
  const entry = fileURLToPath(new URL(`../../${ofPackage}`, import.meta.url));
  // as the supervisor starts a service
  const env = { MALLOC_ARENA_MAX: '2', ...process.env };
  process.exitCode = spawnSync(process.execPath, [entry, ...rest], { stdio: 'inherit', env }).status ?? 1;
} else {
  process.stderr.write(
    `usage: npm run bench -- ${['main', ...Object.keys(ofPackages)].join('|')} [--json]\n`,
  );
  process.exitCode = 2;
}
