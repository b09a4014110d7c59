import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { Figure } from '../bench/figure.ts';
import { thisTree, withTreeOf } from './base-tree.ts';
import { compareFigures } from './compare-figures.ts';

/** Of each pair of runs, when nobody says otherwise. */
const defaultRounds = 3;
/** What the median of every ratio has to reach. */
const least = 0.9;
/** How often a bench of the base is begun at the most. */
const triesOfBase = 3;

/**
 * `npm run soak -- compare BASE BENCH …`: the benches of this tree and of the commit BASE in turn,
 * A-B-A-B-A-B, so that a slow hour of the machine meets both. Prints one line per figure; exit code 1 when a
 * median is below {@link least}, or a bench fails. Figures that change much from run to run want more rounds
 * of their part alone: `broker/storms --rounds 9`.
 */
export async function compare(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { rounds: { type: 'string', default: String(defaultRounds) } },
  });
  const [base = '', ...benches] = positionals;
  const rounds = Number(values.rounds);
  if (!base || benches.length === 0 || !(Number.isInteger(rounds) && rounds > 0)) {
    process.stderr.write('usage: npm run soak -- compare BASE BENCH[/PART] … [--rounds N]\n');
    return 2;
  }
  return withTreeOf(base, async (tree) => {
    let worst = Number.POSITIVE_INFINITY;
    for (const bench of benches) {
      const measured: { base: readonly Figure[]; now: readonly Figure[] }[] = [];
      for (let round = 0; round < rounds; round++) {
        measured.push({ base: await baseFigures(tree, bench), now: await figuresOf(thisTree, bench) });
        process.stderr.write(`${JSON.stringify({ bench, round, ...measured.at(-1) })}\n`);
      }
      for (const { figure, ratio, rounds: n } of compareFigures(measured)) {
        const line = {
          figure: `${bench.split('/')[0]}_${figure}_over_base`,
          value: Number(ratio.toPrecision(3)),
          unit: 'ratio',
          n,
        };
        process.stdout.write(`${JSON.stringify(line)}\n`);
        worst = Math.min(worst, ratio);
      }
    }
    return worst >= least && Number.isFinite(worst) ? 0 : 1;
  });
}

/** A fault of the base's own bench says nothing about this tree: it is tried again, and said. */
async function baseFigures(tree: string, bench: string): Promise<readonly Figure[]> {
  for (let left = triesOfBase - 1; left > 0; left--) {
    try {
      return await figuresOf(tree, bench);
    } catch (error) {
      process.stderr.write(`${(error as Error).message}: once more\n`);
    }
  }
  return figuresOf(tree, bench);
}

/** Runs a bench in a tree, which installs its own packages first. @throws Error when it fails */
function figuresOf(tree: string, bench: string): Promise<readonly Figure[]> {
  return new Promise((resolve, reject) => {
    const [name = '', part] = bench.split('/');
    const only = part === undefined ? [] : ['--only', part];
    const child = spawn('npm', ['run', '--silent', 'bench', '--', name, '--json', ...only], {
      cwd: tree,
      stdio: ['ignore', 'pipe', 2],
    });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      const lines = output.split('\n').filter((line) => line.startsWith('{'));
      if (code === 0 && lines.length > 0) resolve(lines.map((line) => JSON.parse(line) as Figure));
      else reject(new Error(`bench ${bench} in ${tree} ended with ${code} and ${lines.length} figures`));
    });
  });
}
