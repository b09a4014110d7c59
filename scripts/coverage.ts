import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CoverageSummary, coverageFigures, coverageOptions } from './coverage-figures.ts';

// `npm run coverage [-- FILTER …]`: `npm test`, counting which lines, branches and functions of the product
// it runs. Figures for machines on standard output, one line each; the tests beside it. What runs in
// processes that a test starts is not seen, so the figures are lower bounds.
const root = fileURLToPath(new URL('..', import.meta.url));
const report = mkdtempSync(join(tmpdir(), 'watchpost-coverage-'));
try {
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...coverageOptions(report), ...process.argv.slice(2)],
    { cwd: root, stdio: ['ignore', 2, 2] },
  );
  process.exitCode = status ?? 1;
  const summary = JSON.parse(readFileSync(join(report, 'coverage-summary.json'), 'utf8')) as CoverageSummary;
  for (const figure of coverageFigures(summary)) process.stdout.write(`${JSON.stringify(figure)}\n`);
} finally {
  rmSync(report, { recursive: true, force: true });
}
