import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const shell = '/bin/sh';

function dumpsCore() {
  try {
    return !/^Max core file size\s+0\s/m.test(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    // No /proc: macOS and Windows write no core files unless told to.
    return false;
  }
}

/**
 * Sees to it that a crash writes no memory to disk, which may hold pictures and keys: sets our own limit of
 * core files to 0 with `prlimit`, or gives the command in a shell that sets it, whichever exists; says so
 * when neither does.
 */
export function coreLimit(command) {
  if (!dumpsCore()) return command;
  spawnSync('prlimit', ['--pid', String(process.pid), '--core=0:0'], { stdio: 'ignore', timeout: 5_000 });
  if (!dumpsCore()) return command;
  if (existsSync(shell)) return [shell, '-c', 'ulimit -c 0; exec "$@"', 'sh', ...command];
  console.error(
    'A crash would write memory to disk: neither prlimit nor a shell is there to forbid core files.',
  );
  return command;
}
