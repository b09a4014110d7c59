import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readWorkspaces } from './workspaces.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (path: string): string => `node_modules/${path}`;

interface Step {
  readonly name: string;
  readonly args: readonly string[];
  /** The output must match, so that a check that examined nothing fails. */
  readonly proof?: RegExp;
}

/** Folders with code: those of our packages, and this one. */
const sources = [
  ...new Set(readWorkspaces(root).map(({ folder }) => folder.split('/')[0] ?? folder)),
  'scripts',
];
const steps: readonly Step[] = [
  {
    name: 'format and lint',
    args: [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'],
    proof: /Checked [1-9]\d{2,} files/,
  },
  { name: 'types', args: [bin('typescript/bin/tsc6'), '-p', 'tsconfig.json'] },
  { name: 'types, a planted fault', args: ['scripts/check-types-can-fail.ts'], proof: /planted fault found/ },
  {
    name: 'boundaries',
    args: [
      bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
      '--config',
      'dependency-cruiser.cjs',
      ...sources,
    ],
    proof: /\([1-9]\d{2,} modules, [1-9]\d{2,} dependencies cruised\)/,
  },
  {
    name: 'boundaries, planted faults',
    args: ['scripts/check-boundaries-can-fail.ts'],
    proof: /planted faults found/,
  },
  { name: 'dead code', args: [bin('knip/bin/knip.js')] },
  {
    name: 'generated files',
    args: [bin('vitest/vitest.mjs'), 'run', 'contracts/src/generate', 'dashboards/grafana'],
    proof: /passed/,
  },
];

function run(step: Step): Promise<{ readonly ok: boolean; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, step.args, {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => {
      const proven = step.proof?.test(output) ?? true;
      resolve({
        ok: code === 0 && proven,
        output: code === 0 && !proven ? `${output}\nThe check examined nothing.` : output,
      });
    });
  });
}

let failed = 0;
for (const step of steps) {
  const { ok, output } = await run(step);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${step.name}`);
  if (!ok) {
    failed += 1;
    console.log(output.trim().slice(-8000));
  }
}
process.exitCode = failed === 0 ? 0 : 1;
