import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A program of a test in a process of its own, run from this package so that workspace packages are found.
 */
export function spawnNode(
  program: string,
  {
    args = [],
    ipc = false,
    env = {},
    flags = [],
  }: {
    readonly args?: readonly string[];
    /** With an IPC channel, as a supervisor starts it. */
    readonly ipc?: boolean;
    readonly env?: NodeJS.ProcessEnv;
    readonly flags?: readonly string[];
  } = {},
): ChildProcess {
  return spawn(process.execPath, [...flags, '--input-type=module', '-e', program, '--', ...args], {
    cwd: import.meta.dirname,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', ...(ipc ? (['ipc'] as const) : [])],
  });
}

/** Whether a process runs; one that has ended and was not waited for does not. */
export function runs(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
