import { type ChildProcess, spawn } from 'node:child_process';

/** What is asked of the kernel by whoever talks or writes. */
const calls = [
  ...['connect', 'sendto', 'sendmsg', 'sendmmsg'],
  ...['open', 'openat', 'openat2', 'creat', 'mkdir', 'mkdirat', 'mknod', 'mknodat'],
  ...['rename', 'renameat', 'renameat2', 'link', 'linkat', 'symlink', 'symlinkat', 'truncate'],
];

/**
 * Runs a command in a network namespace of its own, where only loopback is up, under strace with all its
 * children. Needs root. The environment is the given one and nothing else.
 */
export function runTraced(
  traceFile: string,
  command: readonly string[],
  environment: NodeJS.ProcessEnv,
  cwd: string,
): ChildProcess {
  const trace = ['strace', '-f', '-y', '-qq', '--seccomp-bpf', '-s', '256', '-e', `trace=${calls.join(',')}`];
  return spawn(
    'unshare',
    ['--net', 'bash', '-c', 'ip link set lo up && exec "$@"', 'bash', ...trace, '-o', traceFile, ...command],
    { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
}
