import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A suite in its long form: the same files, with the given settings. @returns the exit code */
export const runSuite = (name: string, environment: NodeJS.ProcessEnv): Promise<number> =>
  runTests(['--config', `tests/${name}/vitest.config.ts`], environment);

/** Tests in their long form, with the arguments of the runner. @returns the exit code */
export async function runTests(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...args];
  const run = spawnSync(process.execPath, vitest, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  return run.status ?? 1;
}

/** A script of the repository. @returns the exit code */
export async function runScript(path: string, args: readonly string[]): Promise<number> {
  return spawnSync(`${root}${path}`, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

/** Parts of a bench, with the settings of the environment. @returns the exit code */
export async function runBench(name: string, args: readonly string[]): Promise<number> {
  const entry = `${root}tests/bench/main.ts`;
  return spawnSync(process.execPath, [entry, name, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;
}
