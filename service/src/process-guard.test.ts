import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mayAllowCores } from './testing/core-files.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 20 });
const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guard-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program where core files are allowed and may be written. */
function runWithCores(program: string, name = 'program.mjs') {
  const script = join(folder, name);
  writeFileSync(script, program);
  const child = spawn(
    'sh',
    ['-c', 'ulimit -c unlimited; exec "$@"', 'sh', process.execPath, '--inspect-port=0', script],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes));
  return { child, said: () => said };
}

const waits = "setInterval(() => {}, 1000); console.log('waits');";
const guarded = `
  import { guardProcess } from ${here('./process-guard.ts')};
  guardProcess({ warn: (text) => console.log(text) });
  ${waits}`;

test.runIf(mayAllowCores())(
  'by itself Node opens its inspector on SIGUSR1; a guarded process does not, started by hand',
  async () => {
    const [open, closed] = [runWithCores(waits, 'open.mjs'), runWithCores(guarded)];
    await until(() => expect([open.said(), closed.said()]).toEqual(['waits\n', 'waits\n']));
    for (const { child } of [open, closed]) child.kill('SIGUSR1');
    await until(() => expect(open.said()).toContain('Debugger listening'));
    expect(closed.said()).toBe('waits\n');
    for (const { child } of [open, closed]) child.kill('SIGKILL');
  },
);

test.runIf(mayAllowCores())(
  'a guarded process allows no core file, for itself and what it starts',
  async () => {
    const { child, said } = runWithCores(`
    import { execFileSync } from 'node:child_process';
    import { guardProcess } from ${here('./process-guard.ts')};
    guardProcess({ warn: (text) => console.log(text) });
    console.log(execFileSync('sh', ['-c', 'ulimit -c'], { encoding: 'utf8' }).trim());
    ${waits}`);
    await until(() => expect(said()).toBe('0\nwaits\n'));
    expect(readFileSync(`/proc/${child.pid}/limits`, 'utf8')).toMatch(/Max core file size\s+0\s+0\s/);
    child.kill('SIGSEGV');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(readdirSync(folder)).toEqual(['program.mjs']);
  },
);

test.runIf(mayAllowCores())('where the limit cannot be set it says so', async () => {
  const { child, said } = runWithCores(`process.env.PATH = '/nowhere';\n${guarded}`);
  await until(() => expect(said()).toContain('ulimit -c 0'));
  child.kill('SIGKILL');
});
